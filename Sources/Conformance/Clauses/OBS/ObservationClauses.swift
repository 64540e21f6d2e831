/// The clauses on how the connector behaves as a guest in its user's process.
enum ObservationClauses {
    static let all: [any Clause.Type] = [OBS01PrintsNothing.self, OBS02LeavesNothingBehind.self]
}
