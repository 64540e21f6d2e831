import Recording

/// A job gets variables of every kind and prints the bytes of those that arrived.
enum EnvironmentProbe: Probe {
    static let name = "environment"

    /// The kind, the variable's name, its value.
    static let variables: [(kind: Kind, name: String, value: String)] = [
        (.plain, "WTENV_PLAIN", "plain-value-1"),
        (.spaces, "WTENV_SPACES", "  two words, and spaces around  "),
        (.quotes, "WTENV_QUOTES", "it's \"quoted\" \\ with a backslash"),
        (.equals, "WTENV_EQUALS", "a=b=c="),
        (.dollars, "WTENV_DOLLARS", "$HOME ${PATH} $(echo no) `echo no` %PATH%"),
        (.unicode, "WTENV_UNICODE", "na\u{EF}ve \u{3A9} \u{6F22}\u{5B57} \u{1F680}"),
        (.empty, "WTENV_EMPTY", ""),
        (.lines, "WTENV_LINES", "first line\nsecond line\n"),
        (.letters, "WTENV_small", "a name in small letters"),
    ]

    enum Kind: Sendable { case plain, spaces, quotes, equals, dollars, unicode, empty, lines, letters }

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let environment = Value.dict(variables.map { Value.Pair(.string($0.name), .string($0.value)) })
        let code = "# \(stage.nonce("job"))\n\(program)"
        let outcome = try await stage.call(
            "submit", .submitJob, Call.Argument("code", .string(code)), Call.Argument("environment", environment), mustReturn: false)
        guard outcome.value != nil else { return }
        try await stage.wait("job ended", for: .ended)
    }

    /// Prints `NAME=hexadecimal bytes` for each; without any quote, so that only the variables are at stake.
    private static let program = """
        import os
        prefix = bytes((87, 84, 69, 78, 86, 95))
        for name in sorted(os.environb):
            if name.startswith(prefix):
                print(name.decode() + chr(61) + os.environb[name].hex())

        """

    /// The line that the job prints of a variable that arrived whole.
    static func line(of name: String, _ value: String) -> String {
        let digits = Array("0123456789abcdef")
        let hexadecimal = value.utf8.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return "\(name)=\(String(hexadecimal))"
    }
}
