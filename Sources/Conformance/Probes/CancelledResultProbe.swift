import Recording

/// A running job, which has written to both streams, is cancelled; then its status, its result and its logs are read.
enum CancelledResultProbe: Probe {
    static let name = "cancelled-result"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let id = try await stage.submit("submit", .speaking(stage.nonce("job")))
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.wait("job runs", for: .running)
        try await stage.writes("job has written", stage.nonce("job"))
        try await stage.call("cancel", .cancelJob, job, mustReturn: false)
        try await stage.reaches("after the cancellation", .ended)
        try await stage.release(hold)
        try await stage.wait("job ended", for: .ended)
        try await stage.settle("status", id, mustReturn: false)
        try await stage.call("result", .getJobResult, job)
        try await stage.call("status after the result", .getJobStatus, job, mustReturn: false)
        try await stage.call("logs", .getLogs, job, mustReturn: false)
    }
}
