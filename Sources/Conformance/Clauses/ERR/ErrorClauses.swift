/// The clauses on exceptions.
enum ErrorClauses {
    static let all: [any Clause.Type] = [ERR02ExceptionHierarchy.self]
}
