import Conformance
import Recording

/// The report for people: the families at a glance, then every breach with its evidence, then what was not tested, then the sum.
public enum TerminalReport {
    /// Lines without trailing blanks; ends with a line end. Times stand only in the last line.
    public static func render(_ report: Report, style: Style) -> String {
        let asked = report.clauses.filter { $0.verdict != .skipped }
        var blocks = [heading(report, style), Overview.lines(report.clauses, style)]
        let breaches = asked.filter { $0.verdict == .failed } + asked.filter { $0.verdict == .warned }
        blocks += breaches.map { Breach(clause: $0, report: report, style: style).lines() }
        blocks.append(Remarks.lines(report, style))
        blocks.append(Closing.lines(report, style))
        let lines = blocks.filter { !$0.isEmpty }.flatMap { $0 + [""] }
        return Columns.finish(lines.dropLast())
    }

    private static func heading(_ report: Report, _ style: Style) -> [String] {
        let connector = OneLine.of(report.connector)
        let terms = "\(OneLine.of(report.host)), platform \(report.platform), contract \(Contract.version), seed \(report.seed)"
        let subject = style.paint(connector, .strong)
        return connector.count + terms.count + 2 <= style.width ? ["\(subject)  \(terms)"] : [subject, terms]
    }
}

/// How a clause's verdict is shown in one character and one word.
struct Mark {
    let sign: String
    let word: String
    let tone: Style.Tone

    init(_ clause: ClauseResult) {
        (sign, word, tone) =
            switch clause.verdict {
            case .passed: ("✓", "passed", .good)
            case .failed: ("✗", "failed", .bad)
            case .warned: ("!", "warned", .caution)
            case .noted: ("i", "noted", .accent)
            case .notApplicable: ("-", "not applicable", .quiet)
            case .notTestable:
                switch clause.because {
                case .blocked: ("↳", "blocked", .caution)
                case .notBuilt: ("·", "not built", .quiet)
                case .platform, nil: ("?", "not testable", .quiet)
                }
            case .skipped: (" ", "skipped", .quiet)
            case .errored: ("E", "errored", .bad)
            }
    }

    /// In the order in which they matter to a reader.
    static let words = ["failed", "warned", "errored", "passed", "noted", "blocked", "not applicable", "not testable", "not built", "skipped"]
}
