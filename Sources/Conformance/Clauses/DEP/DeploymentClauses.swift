/// The clauses on optional methods.
enum DeploymentClauses {
    static let all: [any Clause.Type] = [
        DEP01UnsupportedIsNotImplemented.self, DEP02ModelIsDeployed.self, DEP03EndpointIsGone.self, DEP04MissingModelIsAnError.self,
    ]
}
