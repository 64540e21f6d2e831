extension Contract {
    /// The clauses that are judged, in the contract's order. The rows beyond them are reported as not built.
    public static let clauses: [any Clause.Type] = [
        AuthenticationClauses.all, SubmissionClauses.all, StatusClauses.all, ResultClauses.all, CancellationClauses.all,
        ListingClauses.all, LogClauses.all, ConfigurationClauses.all, ErrorClauses.all, DeploymentClauses.all,
        FileClauses.all, UsageClauses.all, CredentialsFileClauses.all, ConcurrencyClauses.all, ObservationClauses.all, CostClauses.all,
    ].flatMap { $0 }

    public static func clause(_ id: String) -> (any Clause.Type)? { clauses.first { $0.id == id } }

    /// Every probe that some clause needs, in the order of first need.
    public static func probes(for clauses: [any Clause.Type]) -> [any Probe.Type] {
        var probes: [any Probe.Type] = []
        for clause in clauses {
            for probe in clause.probes where !probes.contains(where: { $0.name == probe.name }) { probes.append(probe) }
        }
        return probes
    }
}
