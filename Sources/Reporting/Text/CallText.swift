import Recording

/// A call in words: `submit_job(code='…') returned None`.
enum CallText {
    static func of(_ call: Call) -> String {
        let arguments = call.arguments.map { argument in
            (argument.positional ? "" : "\(argument.name)=") + PythonLiteral.of(argument.value)
        }
        let shown = "\(call.method)(\(Shortening.middle(arguments.joined(separator: ", "), max: Shortening.valueCharactersMax)))"
        let changed = call.changedArguments.isEmpty ? "" : ", and changed the caller's \(call.changedArguments.joined(separator: ", "))"
        return prefix(call.instance) + shown + " " + ending(call) + changed
    }

    static func of(attribute name: String, of instance: String, _ outcome: Outcome) -> String {
        let shown = name == "repr()" ? "repr(connector)" : "connector.\(name)"
        return switch outcome {
        case .returned(let value): "\(prefix(instance))\(shown) is \(short(value))"
        default: "\(prefix(instance))\(shown) \(ending(outcome))"
        }
    }

    /// What stands below the call: where an exception came from, or where it hung.
    static func details(_ outcome: Outcome) -> [String] {
        switch outcome {
        case .returned, .died: []
        case .raised(let raised): raised.frames.suffix(framesMax).map { "at \(OneLine.of($0))" }
        case .timedOut(let stacks): trimmed(stacks)
        }
    }

    private static func ending(_ call: Call) -> String {
        if call.method == "__init__", case .returned = call.outcome { return "returned" }
        return ending(call.outcome)
    }

    private static func ending(_ outcome: Outcome) -> String {
        switch outcome {
        case .returned(let value): return "returned \(short(value))"
        case .raised(let raised):
            let message = OneLine.of(Shortening.middle(raised.message, max: Shortening.messageCharactersMax))
            let causes = raised.causes.isEmpty ? "" : " (caused by \(raised.causes.joined(separator: ", by ")))"
            return "raised \(raised.type)\(message.isEmpty ? "" : ": \(message)")\(causes)"
        case .timedOut: return "did not come back by its deadline"
        case .died(let how): return "never came back: the connector's process ended (\(OneLine.of(how)))"
        }
    }

    private static func short(_ value: Value) -> String {
        Shortening.middle(PythonLiteral.of(value), max: Shortening.valueCharactersMax)
    }

    private static func prefix(_ instance: String) -> String { instance == "main" ? "" : "[\(instance)] " }

    private static func trimmed(_ stacks: String) -> [String] {
        let lines = stacks.split(separator: "\n").map { OneLine.of(String($0)) }
        guard lines.count > stackLinesMax else { return lines }
        // The innermost frames stand first in a dump by faulthandler, and say what it waits for.
        return lines.prefix(stackLinesMax) + ["… \(lines.count - stackLinesMax) lines more (in the JSON report)"]
    }

    private static let framesMax = 3
    private static let stackLinesMax = 12
}
