import Conformance

/// What `windtunnel contract` prints: the list of clauses, and the page of one.
public enum ContractPages {
    /// Every clause by family: id, level, whether it is judged yet, title. Ends with a line end.
    public static func list(style: Style) -> String {
        let judged = Contract.rows.count { Contract.clause($0.id) != nil }
        var lines = [
            style.paint("The connector contract \(Contract.version)", .strong) + ": \(counted(Contract.rows.count, "clause")), \(judged) judged",
        ]
        for family in Contract.families {
            lines += ["", "\(style.paint(Columns.left(family, 4), .strong))  \(FamilyWords.of(family))"]
            lines += Contract.rows.filter { $0.family == family }.flatMap { row($0, style) }
        }
        return Columns.finish(lines + ["", "One of them in full: windtunnel contract SUB-05"])
    }

    private static func row(_ row: Contract.Row, _ style: Style) -> [String] {
        let isJudged = Contract.clause(row.id) != nil
        let head = "  \(Columns.left(row.id, 7))  \(Columns.left(row.level.rawValue, 6))  "
            + style.paint(Columns.left(isJudged ? "" : "not yet", 7), .quiet) + "  "
        return Columns.wrap(row.title, style.width - 28).enumerated().map { $0 == 0 ? head + $1 : String(repeating: " ", count: 28) + $1 }
    }

    /// The page of one clause; of a row that is not built, what the row says. Ends with a line end.
    public static func page(_ row: Contract.Row, style: Style) -> String {
        let title = Columns.wrap(row.title, style.width)
        var lines = ["\(style.paint(row.id, .strong))  \(row.level.rawValue)  \(FamilyWords.of(row.family))"] + title
        lines += ["", "Basis: \(row.basis.words). Needs: \(row.needsWords)."]
        guard let clause = Contract.clause(row.id) else {
            return Columns.finish(lines + ["", "It is not judged yet: in every report it stands as not_testable, not_built."])
        }
        let page = clause.page
        func section(_ heading: String, _ text: String) {
            lines += ["", style.paint(heading, .strong)] + Columns.wrap(text, style.width - 2).map { "  " + $0 }
        }
        func example(_ heading: String, _ code: String) {
            lines += ["", style.paint(heading, .strong)]
            lines += code.split(separator: "\n", omittingEmptySubsequences: false).map { "  " + $0 }
        }
        section("What it requires", page.requires)
        section("Why", page.why)
        section("What a breach looks like", page.breach)
        lines += Columns.wrap("Codes: " + codes(clause).joined(separator: ", "), style.width - 2).map { "  " + $0 }
        section("How to mend it", page.mend)
        example("An example that fails", page.failing)
        example("One that passes", page.passing)
        section("How it is tested", tested(clause))
        return Columns.finish(lines)
    }

    private static func tested(_ clause: any Clause.Type) -> String {
        let probes = clause.probes.map { $0.name }
        var text = "By the \(probes.count == 1 ? "probe" : "probes") \(probes.joined(separator: ", "))."
        if !clause.buildsOn.isEmpty { text += " It builds on \(clause.buildsOn.joined(separator: ", "))." }
        if let capability = clause.capability { text += " It does not apply where the capability \(capability.rawValue) is declared off." }
        return text + " Alone: windtunnel check CONNECTOR --only \(clause.id)"
    }

    // MARK: - JSON

    public static func listJSON() -> String {
        JSONText.object([
            ("schema", .string("windtunnel.contract/1")),
            ("contract", .string(Contract.version)),
            ("clauses", .array(Contract.rows.map { .object(facts($0)) })),
        ]).text() + "\n"
    }

    /// The row's facts, and all parts of the page; `null` for each part where it is not judged yet.
    public static func pageJSON(_ row: Contract.Row) -> String {
        let clause = Contract.clause(row.id)
        let page = clause?.page
        func list(_ words: [String]?) -> JSONText { words.map { .array($0.map { .string($0) }) } ?? .null }
        return JSONText.object(
            facts(row) + [
                ("requires", JSONText(page?.requires)),
                ("why", JSONText(page?.why)),
                ("breach", JSONText(page?.breach)),
                ("breaches", list(clause.map { codes($0) })),
                ("mend", JSONText(page?.mend)),
                ("failing", JSONText(page?.failing)),
                ("passing", JSONText(page?.passing)),
                ("builds_on", list(clause?.buildsOn)),
                ("probes", list(clause?.probes.map { $0.name })),
                ("capability", JSONText(clause?.capability?.rawValue)),
            ]
        ).text() + "\n"
    }

    private static func facts(_ row: Contract.Row) -> [(key: String, value: JSONText)] {
        [
            ("id", .string(row.id)),
            ("level", .string(row.level.rawValue)),
            ("title", .string(row.title)),
            ("basis", .string(row.basis.words)),
            ("needs", .array(row.needs.map { .string($0.words) })),
            ("judged", .bool(Contract.clause(row.id) != nil)),
        ]
    }

    /// `SUB-01/returned-none` for each way to break it.
    private static func codes<C: Clause>(_ clause: C.Type) -> [String] { C.Breach.allCases.map { "\(C.id)/\($0.rawValue)" } }
}

extension Contract.Row {
    fileprivate var needsWords: String { needs.isEmpty ? "nothing" : needs.map(\.words).joined(separator: ", ") }
}

extension Contract.Basis {
    fileprivate var words: String {
        switch self {
        case .guide: "the guide says it"
        case .docstring: "the contract's docstrings say it"
        case .inferred: "what any caller would expect"
        }
    }
}

extension Contract.Need {
    fileprivate var words: String {
        switch self {
        case .jobs: "jobs whose code the harness writes"
        case .faults: "fault injection"
        case .oracle: "the platform's own record"
        case .secondInstance: "a second connector instance or process"
        case .clock: "a controlled clock"
        case .home: "a sandboxed home folder"
        }
    }
}
