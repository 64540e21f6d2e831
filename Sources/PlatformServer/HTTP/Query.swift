import Foundation
import Hummingbird
import PlatformEngine

/// A request's query, each parameter once, none unknown.
struct Query: Sendable {
    private let values: [String: String]

    /// - Throws: `invalid`, naming the parameter.
    init(_ call: Call, allowed: [String]) throws(PlatformError) {
        var values: [String: String] = [:]
        for pair in (call.request.uri.query ?? "").split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try Self.decode(parts[0])
            guard allowed.contains(name) else {
                throw .invalid("unknown query parameter \"\(name)\"; this route takes \(listed(allowed))")
            }
            guard values[name] == nil else { throw .invalid("query parameter \"\(name)\" is given twice") }
            values[name] = parts.count == 2 ? try Self.decode(parts[1]) : ""
        }
        self.values = values
    }

    func text(_ name: String) -> String? { values[name] }

    /// A whole number within `range`.
    func number(_ name: String, in range: ClosedRange<Int64>) throws(PlatformError) -> Int64? {
        guard let text = values[name] else { return nil }
        guard let number = Int64(text), range.contains(number) else {
            let bound = range.upperBound == .max ? "of \(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
            throw .invalid("\(name): must be a whole number \(bound), not \"\(text)\"")
        }
        return number
    }

    /// `true` or `false`.
    func flag(_ name: String) throws(PlatformError) -> Bool? {
        guard let text = values[name] else { return nil }
        guard let flag = Bool(text) else { throw .invalid("\(name): must be true or false, not \"\(text)\"") }
        return flag
    }

    /// One of the raw values of `Choice`.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ name: String, _: Choice.Type
    ) throws(PlatformError) -> Choice? {
        guard let text = values[name] else { return nil }
        guard let choice = Choice(rawValue: text) else {
            throw .invalid("\(name): must be \(listed(Choice.allCases.map(\.rawValue), "or")), not \"\(text)\"")
        }
        return choice
    }

    private static func decode(_ text: Substring) throws(PlatformError) -> String {
        guard let decoded = text.replacing("+", with: " ").removingPercentEncoding else {
            throw .invalid("the query is not valid percent-encoding: \"\(text)\"")
        }
        return decoded
    }
}

/// Such as `a, b and c`.
func listed(_ words: [String], _ last: String = "and") -> String {
    guard words.count > 1, let final = words.last else { return words.first ?? "none" }
    return words.dropLast().joined(separator: ", ") + " \(last) " + final
}
