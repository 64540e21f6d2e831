/// Which clauses a check is asked for.
public struct Selection: Sendable, Hashable, Codable {
    /// Clause ids or families (`SUB`, `SUB-05`); empty means all.
    public var only: [String]
    public var skip: [String]
    /// The lightest level that is judged: `.must` leaves out SHOULD and INFO.
    public var level: Contract.Level

    public init(only: [String] = [], skip: [String] = [], level: Contract.Level = .info) {
        self.only = only
        self.skip = skip
        self.level = level
    }

    public func includes(_ row: Contract.Row) -> Bool {
        func names(_ list: [String]) -> Bool { list.contains(row.id) || list.contains(row.family) }
        return (only.isEmpty || names(only)) && !names(skip) && row.level.weight >= level.weight
    }

    /// The words that are neither a clause id nor a family, each with the nearest that is.
    public func unknownWords() -> [(word: String, nearest: String)] {
        let known = Contract.rows.map(\.id) + Contract.families
        return (only + skip).filter { !known.contains($0) }.map { word in
            (word, known.min { EditDistance.between(word, $0) < EditDistance.between(word, $1) } ?? "")
        }
    }

    /// The clauses to run: those included, and what they build on.
    var clauses: [any Clause.Type] {
        var wanted = Set(Contract.clauses.filter { Contract.row($0.id).map(includes) ?? false }.map { $0.id })
        var pending = Array(wanted)
        while let id = pending.popLast() {
            for base in Contract.clause(id)?.buildsOn ?? [] where wanted.insert(base).inserted { pending.append(base) }
        }
        return Contract.clauses.filter { wanted.contains($0.id) }
    }
}

extension Contract {
    /// `AUTH`, `SUB`… in the contract's order.
    public static let families: [String] = rows.reduce(into: []) { families, row in
        if !families.contains(row.family) { families.append(row.family) }
    }
}

extension Contract.Level {
    var weight: Int {
        switch self {
        case .must: 2
        case .should: 1
        case .info: 0
        }
    }
}
