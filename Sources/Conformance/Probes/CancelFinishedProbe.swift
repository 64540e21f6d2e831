import Recording

/// One job has succeeded, with metrics and an artifact, and one has failed; both are cancelled afterwards.
enum CancelFinishedProbe: Probe {
    static let name = "cancel-finished"
    /// What the two jobs are called in labels.
    static let outcomes = ["succeeded", "failed"]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let ids = [
            try await stage.submit("submit succeeded", .producing(stage.nonce("succeeded"))),
            try await stage.submit("submit failed", .exiting(stage.nonce("failed"), code: 3)),
        ]
        try await stage.waitForAll("jobs ended", for: .ended, count: ids.count)
        let jobs = zip(outcomes, ids).map { (outcome: $0, id: $1, job: Call.Argument("job_id", .string($1), positional: true)) }
        for (outcome, id, job) in jobs {
            try await stage.settle("status of \(outcome) before", id)
            try await stage.call("result of \(outcome) before", .getJobResult, job)
        }
        for (outcome, _, job) in jobs { try await stage.call("cancel \(outcome)", .cancelJob, job, mustReturn: false) }
        for (outcome, _, job) in jobs {
            try await stage.call("status of \(outcome) after", .getJobStatus, job, mustReturn: false)
            try await stage.call("result of \(outcome) after", .getJobResult, job, mustReturn: false)
        }
        try await stage.jobs("jobs after")
    }
}
