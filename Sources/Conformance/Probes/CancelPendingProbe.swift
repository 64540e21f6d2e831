import Recording

/// A job that still waits in the queue is cancelled; then the queue is let go.
enum CancelPendingProbe: Probe {
    static let name = "cancel-pending"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.pending)
        let id = try await stage.submit("submit", .printing(stage.nonce("job")))
        try await stage.wait("job waits", for: .exists)
        try await stage.call("cancel", .cancelJob, Call.Argument("job_id", .string(id), positional: true), mustReturn: false)

        // Whoever cancels on the platform ends the job where it stands; let go, any other job starts and comes to its end.
        try await stage.reaches("after the cancellation", .ended)
        try await stage.release(hold)
        try await stage.wait("at the end", for: .ended)
    }
}
