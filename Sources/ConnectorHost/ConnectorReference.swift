/// Which class is the connector: `module:Class` or `path/file.py:Class`.
public struct ConnectorReference: Sendable, Hashable, CustomStringConvertible {
    public enum Source: Sendable, Hashable {
        /// A dotted module name, found by Python.
        case module(String)
        /// A Python file, as the user wrote it.
        case file(String)
    }

    public var source: Source
    public var className: String

    /// - Throws: `ConnectorHostError` of kind `reference`.
    public init(parsing text: String) throws(ConnectorHostError) {
        if text.hasPrefix("exec:") {
            throw ConnectorHostError(.reference, "\"\(text)\": exec: is not built yet; give module:Class or path/file.py:Class")
        }
        guard let colon = text.lastIndex(of: ":"), colon != text.startIndex else {
            throw ConnectorHostError(.reference, "\"\(text)\": the class is missing; give module:Class or path/file.py:Class")
        }
        let place = String(text[..<colon])
        let name = String(text[text.index(after: colon)...])
        guard Self.isDottedName(name) else {
            throw ConnectorHostError(.reference, "\"\(text)\": \"\(name)\" is not a class name; give module:Class or path/file.py:Class")
        }
        className = name
        if place.hasSuffix(".py") || place.contains("/") {
            source = .file(place)
        } else if Self.isDottedName(place) {
            source = .module(place)
        } else {
            throw ConnectorHostError(.reference, "\"\(text)\": \"\(place)\" is neither a module nor a file that ends in .py")
        }
    }

    public var description: String {
        switch source {
        case .module(let place), .file(let place): "\(place):\(className)"
        }
    }

    /// The path of the file, nil for a module.
    public var filePath: String? { if case .file(let path) = source { path } else { nil } }

    private static func isDottedName(_ text: String) -> Bool {
        text.split(separator: ".", omittingEmptySubsequences: false).allSatisfy { part in
            guard let first = part.first, first == "_" || first.isLetter else { return false }
            return part.allSatisfy { $0 == "_" || $0.isLetter || $0.isNumber }
        }
    }
}
