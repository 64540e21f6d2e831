import Recording

/// One job has succeeded, with metrics and an artifact, and one has failed; everything about them is read twice, between all that might disturb it.
enum EndedJobsProbe: Probe {
    static let name = "ended-jobs"
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
        for (outcome, id, _) in jobs { try await stage.settle("status of \(outcome)", id) }
        for (outcome, _, job) in jobs {
            try await stage.call("result of \(outcome)", .getJobResult, job)
            try await stage.call("status of \(outcome) after the result", .getJobStatus, job)
            try await stage.call("logs of \(outcome)", .getLogs, job, mustReturn: false)
            try await stage.call("status of \(outcome) after the logs", .getJobStatus, job)
        }
        try await stage.call("list", .listJobs, mustReturn: false)
        for (outcome, _, job) in jobs { try await stage.call("cancel \(outcome)", .cancelJob, job, mustReturn: false) }
        var again: [Outcome] = []
        for (outcome, _, job) in jobs {
            try await stage.call("status of \(outcome) at last", .getJobStatus, job)
            again.append(try await stage.call("second result of \(outcome)", .getJobResult, job, mustReturn: false))
        }
        if again.allSatisfy({ $0.value?.record != nil }) {
            try await stage.look(
                "sharing", "result_sharing", Value.Field("instance", "main"), Value.Field("job", .string(ids[0])),
                Value.Field("other", .string(ids[1])))
        }
    }
}
