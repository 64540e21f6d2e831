/// Verbs and options that the interface names and that are not built yet: refused by name, never ignored.
enum Unbuilt {
    private static let verbs = ["chaos", "faults", "init", "doctor"]

    private static let options: [String: [String]] = [
        "check": ["--baseline", "--update-baseline", "--clock", "--live"],
        "serve": ["--faults", "--clock"],
        "run": ["--faults", "--clock"],
    ]

    /// The line that refuses these arguments, nil where all is built.
    static func refusal(_ arguments: [String]) -> String? {
        guard let verb = arguments.first else { return nil }
        if verbs.contains(verb) { return "the verb '\(verb)' is not built yet" }
        for argument in arguments.dropFirst().prefix(while: { $0 != "--" }) {
            let name = String(argument.prefix { $0 != "=" })
            if options[verb, default: []].contains(name) { return "'\(name)' of 'windtunnel \(verb)' is not built yet" }
        }
        guard verb == "check", let format = value(of: "--format", in: arguments), formats.contains(format) else { return nil }
        return "'--format \(format)' of 'windtunnel check' is not built yet; there are text and json"
    }

    private static let formats = ["junit", "html", "markdown"]

    private static func value(of option: String, in arguments: [String]) -> String? {
        for (index, argument) in arguments.enumerated() {
            if argument == option { return index + 1 < arguments.count ? arguments[index + 1] : nil }
            if argument.hasPrefix(option + "=") { return String(argument.dropFirst(option.count + 1)) }
        }
        return nil
    }
}
