import Recording

/// What the look at the credentials file found: nil where the `neural` package is the harness's own.
struct CredentialsFile {
    let fact: Fact
    private let value: Value

    static func seen(_ evidence: Evidence) throws -> CredentialsFile? {
        let recording = try evidence.recording(NeuralPackageProbe.self)
        guard try recording.inspection("inspection").inspection.ownNeural else { return nil }
        let look = try recording.look("credentials file")
        return CredentialsFile(fact: look.fact, value: look.value)
    }

    /// Whether the package has the two functions at all.
    var isAbsent: Bool { value["absent"] != nil }

    static let absence = "the connector's neural package has no functions for a credentials file"

    /// One way of saving.
    struct Case {
        /// For sentences: `a new file`.
        let phrase: String
        /// Type of what `save_credentials_to_file` raised.
        let raised: String?
        /// Whether the file is where it was asked for.
        let isThere: Bool
        /// Permission bits of the finished file, and the widest at any moment.
        let mode: Int?
        let widest: Int?
        /// Whether the same dict was loaded again, and the type of what loading raised.
        let loaded: Bool
        let loadRaised: String?
    }

    var fresh: Case { saved("fresh", "a new file") }
    var overExisting: Case { saved("over_0644", "an existing file with mode 0644") }
    var byDefault: Case { saved("default", "the default file") }
    var again: Case { saved("again", "another dict in a file that was saved before") }
    var tilde: Case { saved("tilde", "a path that begins with ~") }

    /// The classes of what loading a file of that name in the look raised, nil where it raised nothing.
    func raised(by name: String) -> [String]? { value[name]?.items?.compactMap(\.string) }

    private func saved(_ name: String, _ phrase: String) -> Case {
        let found = value[name]
        func number(_ key: String) -> Int? { if case .int(let number)? = found?[key] { number } else { nil } }
        return Case(
            phrase: phrase, raised: found?["raised"]?.string, isThere: found?["path"] == .bool(true), mode: number("mode"),
            widest: number("widest"), loaded: found?["loaded"] == .bool(true), loadRaised: found?["load_raised"]?.string)
    }

    /// `0644`.
    static func octal(_ mode: Int) -> String {
        let digits = String(mode, radix: 8)
        return String(repeating: "0", count: max(0, 4 - digits.count)) + digits
    }

    func failure(_ reason: String, expected: String, seen: String) -> Failure {
        Failure(reason, expected: expected, seen: seen, facts: [fact])
    }
}
