/// The clauses on optional methods.
enum DeploymentClauses {
    static let all: [any Clause.Type] = [DEP01UnsupportedIsNotImplemented.self]
}
