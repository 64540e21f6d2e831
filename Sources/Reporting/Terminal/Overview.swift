import Conformance

/// A line for each family, with a sign for each of its clauses; or, verbose, a line for each clause.
enum Overview {
    static func lines(_ clauses: [ClauseResult], _ style: Style) -> [String] {
        // Of a choice of clauses, only the families that were chosen: what is not built was chosen by nobody.
        let isChoice = clauses.contains { $0.verdict == .skipped }
        let shown = clauses.filter { $0.verdict != .skipped }
        return Contract.families.flatMap { family -> [String] in
            let members = shown.filter { $0.family == family }
            if members.allSatisfy({ isChoice && $0.because == .notBuilt }) { return [] }
            return [self.family(family, members, shown, style)] + (style.verbose ? members.flatMap { clause($0, style) } : [])
        }
    }

    private static func family(_ family: String, _ members: [ClauseResult], _ all: [ClauseResult], _ style: Style) -> String {
        let signs = members.map { style.paint(Mark($0).sign, Mark($0).tone) }.joined()
        let widest = Contract.families.map { family in all.count { $0.family == family } }.max() ?? 0
        let gap = String(repeating: " ", count: widest - members.count)
        return "  \(style.paint(Columns.left(family, 4), .strong))  \(Columns.left(FamilyWords.of(family), 16))  \(signs)\(gap)  "
            + counts(members, style)
    }

    /// `1 failed, 4 passed`.
    static func counts(_ clauses: [ClauseResult], _ style: Style) -> String {
        Mark.words.compactMap { word in
            let members = clauses.map { Mark($0) }.filter { $0.word == word }
            return members.first.map { style.paint("\(members.count) \(word)", $0.tone) }
        }.joined(separator: ", ")
    }

    private static func clause(_ clause: ClauseResult, _ style: Style) -> [String] {
        let mark = Mark(clause)
        let head = "    \(style.paint(mark.sign, mark.tone)) \(Columns.left(clause.id, 7)) \(Columns.left(clause.level.rawValue, 6))  "
        let wrapped = Columns.wrap(clause.title, style.width - hanging)
        return wrapped.enumerated().map { $0 == 0 ? head + $1 : String(repeating: " ", count: hanging) + $1 }
    }

    private static let hanging = 4 + 2 + 8 + 6 + 2
}

extension ClauseResult {
    var family: String { String(id.prefix { $0 != "-" }) }
}
