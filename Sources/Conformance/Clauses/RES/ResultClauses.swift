/// The clauses on get_job_result.
enum ResultClauses {
    static let all: [any Clause.Type] = [
        RES01ReturnsAJobResult.self, RES02AgreesWithStatus.self, RES03OutputIsThere.self, RES04FailureIsExplained.self,
        RES05SuccessHasNoError.self, RES06DurationIsTrue.self, RES07NothingBeforeTheEnd.self, RES08Repeatable.self,
        RES09ProductsAreThere.self,
    ]
}
