import Foundation
import Hummingbird

/// The routes of one listener, and which of them a request means.
struct RouteTable: Sendable {
    let routes: [Route]
    private let patterns: [Pattern]

    init(_ routes: [Route]) {
        self.routes = routes
        patterns = routes.map { Pattern($0.path) }
    }

    enum Match {
        case route(Route, parameters: [String: String])
        /// The path is known with these methods only, sorted.
        case otherMethods([String])
        case none
    }

    func match(_ method: HTTPRequest.Method, path: String) -> Match {
        let segments = path.utf8.dropFirst().split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { Substring($0) }
        guard path.utf8.first == UInt8(ascii: "/") else { return .none }
        var otherMethods: Set<String> = []
        for (route, pattern) in zip(routes, patterns) {
            guard let parameters = pattern.match(segments) else { continue }
            // HEAD is GET whose body nobody wants.
            if route.method == method || (method == .head && route.method == .get) {
                return .route(route, parameters: parameters)
            }
            otherMethods.insert(route.method.rawValue)
            if route.method == .get { otherMethods.insert(HTTPRequest.Method.head.rawValue) }
        }
        return otherMethods.isEmpty ? .none : .otherMethods(otherMethods.sorted())
    }
}

/// A route's path, taken apart.
private struct Pattern: Sendable {
    private enum Segment: Sendable {
        case literal(String)
        case parameter(String)
        case rest(String)
    }

    private let segments: [Segment]

    init(_ path: String) {
        segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false).map { text in
            guard text.hasPrefix("{"), text.hasSuffix("}") else { return .literal(String(text)) }
            let name = text.dropFirst().dropLast()
            return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(String(name))
        }
    }

    /// The parameters, percent-decoded; nil when the path does not fit.
    func match(_ path: [Substring]) -> [String: String]? {
        var parameters: [String: String] = [:]
        for (index, segment) in segments.enumerated() {
            guard index < path.count else { return nil }
            switch segment {
            case .literal(let text):
                guard path[index] == text else { return nil }
            case .parameter(let name):
                guard !path[index].isEmpty, let value = decoded(path[index]) else { return nil }
                parameters[name] = value
            case .rest(let name):
                let rest = path[index...].joined(separator: "/")
                guard !rest.isEmpty else { return nil }
                // What cannot be decoded is for the route to refuse by name.
                parameters[name] = decoded(rest) ?? rest
                return parameters
            }
        }
        return path.count == segments.count ? parameters : nil
    }
}

/// Without its percent-encoding, which most have none of; nil where that is not valid.
private func decoded(_ text: some StringProtocol) -> String? {
    text.utf8.contains(UInt8(ascii: "%")) ? String(text).removingPercentEncoding : String(text)
}
