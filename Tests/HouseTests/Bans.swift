import Foundation

/// What pure code must not use. Each entry names what to use in its place.
struct Bans {
    /// A word, and its replacement. A word that begins with a letter must not be part of a longer name.
    let words: [(word: String, replacement: String)]
    /// The modules that may be imported.
    let imports: [String]

    static let ambient: [(word: String, replacement: String)] = [
        ("Date(", "the time that comes with the event"),
        ("ContinuousClock", "the time that comes with the event"),
        ("SuspendingClock", "the time that comes with the event"),
        ("clock_gettime", "the time that comes with the event"),
        ("gettimeofday", "the time that comes with the event"),
        ("DispatchTime", "the time that comes with the event"),
        ("Task.sleep", "an effect that asks to be woken"),
        ("Task {", "an effect"),
        ("Task.detached", "an effect"),
        ("Thread", "an effect"),
        ("DispatchQueue", "an effect"),
        ("UUID(", "a keyed Draw"),
        (".random(", "a keyed Draw"),
        (".randomElement(", "a keyed Draw"),
        (".shuffled(", "a keyed Draw"),
        (".shuffle(", "a keyed Draw"),
        ("RandomNumberGenerator", "a keyed Draw"),
        ("arc4random", "a keyed Draw"),
        ("hashValue", "a keyed Draw, which is the same in every process"),
        ("Hasher(", "a keyed Draw, which is the same in every process"),
        ("ProcessInfo", "a value that comes with the event"),
        ("getenv", "a value that comes with the event"),
        ("FileManager", "an effect"),
        ("FileHandle", "an effect"),
        ("fopen", "an effect"),
        ("URLSession", "an effect"),
        ("print(", "a value that is returned"),
        ("debugPrint(", "a value that is returned"),
        ("nonisolated(unsafe)", "a value that is passed on"),
    ]

    static let simulation = Bans(
        words: ambient + [("await ", "a pure function"), ("async ", "a pure function")], imports: ["HashTreeCollections"])
    static let clauses = Bans(words: simulation.words, imports: ["Recording"])
    /// The runner of the probes waits for them; nothing else of the judging does.
    static let judging = Bans(words: ambient, imports: ["Recording"])

    /// `path:line: error: X is banned, use Y`, for each place.
    func violations(in path: String, source: String) -> [String] {
        SwiftText.code(of: source).enumerated().flatMap { index, line -> [String] in
            let place = "\(path):\(index + 1): error:"
            if let module = Imports.module(of: line) {
                let allowed = imports.joined(separator: ", ")
                return imports.contains(module) ? [] : ["\(place) import \(module) is banned, use \(allowed)"]
            }
            return words.filter { Self.contains(line, $0.word) }.map { "\(place) \($0.word.trimmed) is banned, use \($0.replacement)" }
        }
    }

    private static func contains(_ line: String, _ word: String) -> Bool {
        var rest = line[...]
        while let range = rest.range(of: word) {
            let before = range.lowerBound > line.startIndex ? line[line.index(before: range.lowerBound)] : " "
            let isPart = word.first?.isLetter == true && (before.isLetter || before.isNumber || before == "_")
            let after = range.upperBound < line.endIndex ? line[range.upperBound] : " "
            let goesOn = word.last?.isLetter == true && (after.isLetter || after.isNumber || after == "_")
            if !isPart && !goesOn { return true }
            rest = rest[range.upperBound...]
        }
        return false
    }
}

/// What a line imports.
enum Imports {
    /// The module of an import line, nil for every other line.
    static func module(of line: String) -> String? {
        let words = line.split(separator: " ").filter { !$0.hasPrefix("@") && !modifiers.contains($0) }
        guard words.first == "import", var name = words.dropFirst().first else { return nil }
        if kinds.contains(name) { name = words.dropFirst(2).first ?? name }
        return String(name.prefix { $0 != "." })
    }

    static func modules(of source: String) -> [String] { Set(SwiftText.code(of: source).compactMap(module)).sorted() }

    private static let modifiers: [Substring] = ["public", "package", "internal", "fileprivate", "private"]
    private static let kinds: [Substring] = ["struct", "class", "enum", "protocol", "func", "let", "var", "typealias"]
}

extension String {
    fileprivate var trimmed: String { trimmingCharacters(in: .whitespaces) }
}
