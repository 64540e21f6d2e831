/// The clauses on authentication.
enum AuthenticationClauses {
    static let all: [any Clause.Type] = [
        AUTH01ReturnsTrue.self, AUTH02RefusesBadCredentials.self, AUTH03MirrorsTheOutcome.self, AUTH04NothingBeforeAuthentication.self,
        AUTH05ErrorIsCloudException.self, AUTH06KeepsSecrets.self,
    ]
}
