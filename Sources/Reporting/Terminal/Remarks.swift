import Conformance

/// What is neither a pass nor a breach, a line each: nothing is left out silently.
enum Remarks {
    static func lines(_ report: Report, _ style: Style) -> [String] {
        let clauses = report.clauses
        func ids(_ wanted: (ClauseResult) -> Bool) -> String { ClauseList.of(clauses.filter(wanted).map(\.id)) }
        let shown = clauses.filter { $0.verdict == .failed || $0.verdict == .warned }.map(\.id)

        var entries: [Entry] = []
        entries += grouped(clauses.filter { $0.verdict == .errored }, "errored", .bad)
        entries += grouped(clauses.filter { $0.verdict == .noted || ($0.verdict == .passed && $0.reason != nil) }, "noted", .accent)
        entries += blockedElsewhere(clauses, shown)
        entries += grouped(clauses.filter { $0.verdict == .notApplicable }, "not applicable", .quiet)
        entries += grouped(clauses.filter { $0.verdict == .notTestable && $0.because == .platform }, "not testable", .quiet)
        entries.append(Entry("not built", ids { $0.because == .notBuilt }, nil, .quiet))
        entries.append(Entry("skipped", ids { $0.verdict == .skipped }, "left out by an option", .quiet))
        return entries.filter { !$0.ids.isEmpty }.flatMap { $0.lines(style) }
    }

    private struct Entry {
        let word: String
        let ids: String
        let remark: String?
        let tone: Style.Tone

        init(_ word: String, _ ids: String, _ remark: String?, _ tone: Style.Tone) {
            (self.word, self.ids, self.remark, self.tone) = (word, ids, remark, tone)
        }

        func lines(_ style: Style) -> [String] {
            let text = ids + (remark.map { ": \(OneLine.of($0))" } ?? "")
            return Columns.wrap(text, style.width - Self.margin).enumerated().map { index, line in
                let head = index == 0 ? style.paint(Columns.left(word, Self.margin - 2), tone) : String(repeating: " ", count: Self.margin - 2)
                return "  \(head)\(line)"
            }
        }

        private static let margin = 18
    }

    /// One entry for each reason, in the order of first appearance.
    private static func grouped(_ clauses: [ClauseResult], _ word: String, _ tone: Style.Tone) -> [Entry] {
        var reasons: [String?] = []
        for clause in clauses where !reasons.contains(clause.reason) { reasons.append(clause.reason) }
        return reasons.map { reason in
            Entry(word, ClauseList.of(clauses.filter { $0.reason == reason }.map(\.id)), reason, tone)
        }
    }

    /// Blocked by a clause whose own breach is not part of this report, because it was run only for the sake of others.
    private static func blockedElsewhere(_ clauses: [ClauseResult], _ shown: [String]) -> [Entry] {
        var blockers: [String] = []
        for clause in clauses where clause.because == .blocked {
            if let blocker = clause.blockedBy, !shown.contains(blocker), !blockers.contains(blocker) { blockers.append(blocker) }
        }
        return blockers.map { blocker in
            let ids = clauses.filter { $0.because == .blocked && $0.blockedBy == blocker }.map(\.id)
            // What blocks may show only in the probes of what is blocked.
            let both = ([blocker] + ids.prefix(1)).joined(separator: ",")
            return Entry("blocked", ClauseList.of(ids), "\(blocker) does not hold; see it with --only \(both)", .caution)
        }
    }
}

/// The last line: the verdict, the counts, the time.
enum Closing {
    static func lines(_ report: Report, _ style: Style) -> [String] {
        let tone: Style.Tone =
            switch report.verdict {
            case .conformant: .good
            case .notConformant: .bad
            case .notMeasured: .caution
            }
        // Without a single pass nothing is known to work: a warning alone is then no verdict either.
        let why = report.verdict == .notMeasured && report.count(.errored) == 0 ? " (no clause passed, so exit code 3)" : ""
        let seconds = Int((report.durationSeconds * 10).rounded())
        return [
            style.paint(report.verdict.rawValue, tone, .strong) + why + ": " + Overview.counts(report.clauses, style)
                + " in \(seconds / 10).\(seconds % 10) s"
        ]
    }
}
