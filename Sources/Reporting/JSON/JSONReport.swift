import Conformance
import Recording

/// The report for machines, schema `windtunnel.report/1`.
public enum JSONReport {
    public static let schema = "windtunnel.report/1"

    /// Every clause of the contract, every key in every clause, `null` where there is nothing. Ends with a line end.
    public static func encode(_ report: Report) -> String {
        let root: JSONText = .object([
            ("schema", .string(schema)),
            ("contract", .string(Contract.version)),
            ("seed", .unsigned(report.seed)),
            ("subject", .object([("connector", .string(report.connector)), ("host", .string(report.host))])),
            ("platform", .object([("name", .string(report.platform)), ("simulated", .bool(true))])),
            ("clock", .string(report.clock)),
            ("summary", summary(report)),
            ("clauses", .array(report.clauses.map { clause($0, report) })),
        ])
        return root.text() + "\n"
    }

    private static func summary(_ report: Report) -> JSONText {
        let counts = ClauseResult.Verdict.allCases.map { (key: $0.rawValue, value: JSONText.int(report.count($0))) }
        return .object(
            [("verdict", .string(report.verdict.rawValue))] + counts + [("duration_seconds", .seconds(report.durationSeconds))])
    }

    private static func clause(_ clause: ClauseResult, _ report: Report) -> JSONText {
        .object([
            ("id", .string(clause.id)),
            ("level", .string(clause.level.rawValue)),
            ("title", .string(clause.title)),
            ("verdict", .string(clause.verdict.rawValue)),
            ("reason", reason(clause)),
            ("breach", JSONText(clause.breach)),
            ("because", JSONText(clause.because?.rawValue)),
            ("blocked_by", JSONText(clause.blockedBy)),
            ("witness", clause.witness.map { .array($0.map { .string($0) }) } ?? .null),
            ("evidence", .array(clause.facts.compactMap(evidence))),
            ("platform_saw", .array(SightText.of(clause.facts).map { .string($0) })),
            ("replay", clause.wasAskedFor ? .string(report.replay(clause)) : .null),
            ("duration_seconds", .seconds(clause.durationSeconds)),
        ])
    }

    /// One line, with what was expected and seen.
    private static func reason(_ clause: ClauseResult) -> JSONText {
        guard let reason = clause.reason else { return .null }
        let comparison = clause.expected.flatMap { expected in clause.seen.map { "; expected \(expected), seen \($0)" } } ?? ""
        return .shortened(OneLine.of(reason + comparison))
    }

    private static func evidence(_ fact: Fact) -> JSONText? {
        switch fact.body {
        case .call(let call):
            entry(
                call.method, .object(call.arguments.map { ($0.name, JSONText($0.value)) }), call.outcome, at: call.endedAt)
        case .attribute(_, let name, let outcome):
            entry(name == "repr()" ? "repr" : ".\(name)", .object([]), outcome, at: fact.at)
        case .jobs, .processes, .requests, .guest, .inspection, .look, .endpoints, .files, .posted, .harness, .stopped: nil
        }
    }

    private static func entry(_ call: String, _ arguments: JSONText, _ outcome: Outcome, at: Double) -> JSONText {
        let (word, value): (String, JSONText) =
            switch outcome {
            case .returned(let value): ("returned", JSONText(value))
            case .raised(let raised):
                ("raised", .object([("exception", .string(raised.type)), ("message", .shortened(raised.message))]))
            case .timedOut(let stacks): ("timed_out", .object([("stacks", .shortened(stacks))]))
            case .died(let how): ("died", .object([("how", .shortened(how))]))
            }
        return .object([
            ("call", .string(call)), ("arguments", arguments), ("outcome", .string(word)), ("value", value), ("at", .seconds(at)),
        ])
    }
}

extension ClauseResult {
    /// Whether this check tried to judge it: a clause that is not built or was left out has nothing to replay.
    var wasAskedFor: Bool { verdict != .skipped && because != .notBuilt }
}
