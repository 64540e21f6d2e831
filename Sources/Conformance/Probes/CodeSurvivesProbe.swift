import Recording

/// One job for each thing that code loses easily; what each computed is read through the connector.
enum CodeSurvivesProbe: Probe {
    static let name = "code-survives"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        var ids: [(kind: CodeSample.Kind, id: String)] = []
        for kind in CodeSample.small {
            ids += try await submit(kind, stage)
            if kind == .plain, try await !stage.reaches("plain job arrived", .exists) {
                throw ProbeStop("the platform has no job", by: "plain job arrived")
            }
        }
        try await stage.waitForAll("jobs ended", for: .ended, count: ids.count)
        for (kind, id) in ids { try await read(kind, id, stage) }

        // Apart from the others: a record of the platform's jobs holds their code, this one's is long.
        for (kind, id) in try await submit(.large, stage) {
            try await stage.wait("large job ended", for: .ended, index: ids.count)
            try await read(kind, id, stage)
        }
    }

    /// Empty where the connector refused.
    private static func submit(_ kind: CodeSample.Kind, _ stage: Stage) async throws -> [(kind: CodeSample.Kind, id: String)] {
        let sample = CodeSample(kind, nonce: stage.nonce(kind.rawValue))
        let label = "submit \(kind.rawValue)"
        let outcome = try await stage.call(
            label, .submitJob, Call.Argument("code", .string(sample.code)), mustReturn: kind == .plain)
        guard let value = outcome.value else { return [] }
        guard let id = value.string, !id.isEmpty else { throw ProbeStop("submit_job returned no job id", by: label) }
        return [(kind, id)]
    }

    private static func read(_ kind: CodeSample.Kind, _ id: String, _ stage: Stage) async throws {
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.settle("status of \(kind.rawValue)", id, mustReturn: false)
        try await stage.call("result of \(kind.rawValue)", .getJobResult, job, mustReturn: false)
        try await stage.call("logs of \(kind.rawValue)", .getLogs, job, mustReturn: false)
    }
}
