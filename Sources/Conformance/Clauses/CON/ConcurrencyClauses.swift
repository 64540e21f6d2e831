/// The clauses on several calls, instances and processes at once.
enum ConcurrencyClauses {
    static let all: [any Clause.Type] = [CON01ParallelSubmits.self, CON02SecondViewAgrees.self]
}
