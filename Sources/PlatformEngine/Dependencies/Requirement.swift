/// What a submission may name as a dependency: a name, extras, versions and a marker, as in PEP 508. Options, paths and URLs are none: they would
/// choose where packages come from, which is the platform's to decide.
enum Requirement {
    /// - Returns: the line that refuses it; nil for a requirement.
    static func refusal(of text: String) -> String? {
        guard text.utf8.count <= lengthMax, isRequirement(text) else {
            return "dependencies: \"\(text.prefix(80).filter { !$0.isNewline })\" is not a requirement; "
                + "write a name, with extras, versions and a marker where needed, such as \"numpy>=1.20\"; options, paths and URLs are not taken"
        }
        return nil
    }

    /// The same requirements in whatever order are the same set.
    static func set(_ texts: [String]) -> [String] {
        Set(texts.map { String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }).sorted()
    }

    private static let lengthMax = 1000

    private static func isRequirement(_ text: String) -> Bool {
        guard text.utf8.allSatisfy({ (32..<127).contains($0) }) else { return false }
        let name = /[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?/
        let extras = /\[ *[A-Za-z0-9._-]+(?: *, *[A-Za-z0-9._-]+)* *\]/
        let versions = /(?:===|~=|==|!=|<=|>=|<|>) *[A-Za-z0-9.*+!_-]+(?: *, *(?:===|~=|==|!=|<=|>=|<|>) *[A-Za-z0-9.*+!_-]+)*/
        var rest = text[...]
        rest.skipBlanks()
        guard rest.take(name) else { return false }
        rest.skipBlanks()
        if rest.first == "[", !rest.take(extras) { return false }
        rest.skipBlanks()
        let inParentheses = rest.first == "("
        if inParentheses { rest = rest.dropFirst() }
        rest.skipBlanks()
        if let first = rest.first, first != ";", !rest.take(versions) { return false }
        rest.skipBlanks()
        if inParentheses {
            guard rest.first == ")" else { return false }
            rest = rest.dropFirst()
            rest.skipBlanks()
        }
        return rest.isEmpty || (rest.first == ";" && isMarker(rest.dropFirst()))
    }

    /// Made of the words of markers; whether they make sense in that order is for the installer to say.
    private static func isMarker(_ text: Substring) -> Bool {
        let word = /'[^'\\]*'|"[^"\\]*"|===|~=|==|!=|<=|>=|<|>|\(|\)|[a-z_]+/
        var rest = text
        rest.skipBlanks()
        guard !rest.isEmpty else { return false }
        while !rest.isEmpty {
            guard let match = rest.prefixMatch(of: word) else { return false }
            if let first = match.0.first, first.isLetter, !markerWords.contains(String(match.0)) { return false }
            rest = rest[match.range.upperBound...]
            rest.skipBlanks()
        }
        return true
    }

    private static let markerWords: Set<String> = [
        "and", "or", "not", "in", "extra", "implementation_name", "implementation_version", "os_name", "platform_machine",
        "platform_python_implementation", "platform_release", "platform_system", "platform_version", "python_full_version", "python_version",
        "sys_platform",
    ]
}

extension Substring {
    fileprivate mutating func skipBlanks() { self = drop { $0 == " " } }

    fileprivate mutating func take(_ pattern: some RegexComponent) -> Bool {
        guard let match = prefixMatch(of: pattern) else { return false }
        self = self[match.range.upperBound...]
        return true
    }
}
