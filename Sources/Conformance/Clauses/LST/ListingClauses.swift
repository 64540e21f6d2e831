/// The clauses on list_jobs.
enum ListingClauses {
    static let all: [any Clause.Type] = [
        LST01ListsDicts.self, LST02RowsHaveIDAndStatus.self, LST03OneKindOfStatus.self, LST04EachJobOnce.self,
        LST05FilterMatches.self, LST06FilterBeforeLimit.self, LST07NewestFirst.self, LST08AgreesWithStatus.self,
        LST09RowsHaveTheName.self,
    ]
}
