/// The clauses on submit_job.
enum SubmissionClauses {
    static let all: [any Clause.Type] = [
        SUB01ReturnsAnID.self, SUB02IDsAreUnique.self, SUB03QueriedAtOnce.self, SUB04OptionalParameters.self, SUB05CodeRuns.self,
        SUB06EnvironmentArrives.self, SUB07DependenciesAreThere.self, SUB08ReturnsBeforeTheEnd.self,
    ]
}
