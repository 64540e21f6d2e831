/// The clauses on what a connector costs the platform.
enum CostClauses {
    static let all: [any Clause.Type] = [COST01RequestsPerCall.self, COST03FewRowsRead.self]
}
