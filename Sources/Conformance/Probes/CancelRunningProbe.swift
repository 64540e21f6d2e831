import Recording

/// A running job is cancelled, looked at afterwards, and cancelled once more.
enum CancelRunningProbe: Probe {
    static let name = "cancel-running"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let id = try await stage.submit("submit", .gated(stage.nonce("job")))
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.wait("job runs", for: .running)
        try await stage.call("cancel", .cancelJob, job)

        // A connector that never asked leaves the job at its gate: it is let go, ends by itself, and the platform's record tells.
        try await stage.reaches("after the cancellation", .ended)
        try await stage.release(hold)
        try await stage.wait("job ended", for: .ended)

        try await stage.settle("status after", id, mustReturn: false)
        try await stage.call("list after", .listJobs)
        try await stage.call("second cancel", .cancelJob, job, mustReturn: false)
        try await stage.call("status after the second cancel", .getJobStatus, job, mustReturn: false)
        try await stage.jobs("after the second cancel")
    }
}
