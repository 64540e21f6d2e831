/// The clauses on get_logs.
enum LogClauses {
    static let all: [any Clause.Type] = [LOG01ReturnsText.self, LOG02BothStreamsGrowing.self]
}
