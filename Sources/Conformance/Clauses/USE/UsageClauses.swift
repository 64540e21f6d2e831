/// The clauses on get_resource_usage.
enum UsageClauses {
    static let all: [any Clause.Type] = [USE01JSONableDict.self]
}
