import Recording

/// A job that still waits in the queue is cancelled; then the queue is let go.
enum CancelPendingProbe: Probe {
    static let name = "cancel-pending"
    /// Where submit_job came back only when the job had left the queue.
    static let submittedLate = "submit_job waits for the job's start"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.pending)
        let submission = stage.start("submit", .submitJob, Call.Argument("code", .string(Program.printing(stage.nonce("job")).code)))
        guard try await stage.arrives("job waits", by: submission) else {
            try await check(stage.finish(submission))
            throw ProbeStop("the platform has no job", by: "job waits")
        }
        guard try await stage.hasReturned(submission) else {
            try await stage.jobs(submittedLate)
            try await stage.release(hold)
            try await check(stage.finish(submission))
            return
        }
        let job = Call.Argument("job_id", .string(try await check(stage.finish(submission))), positional: true)
        try await stage.call("cancel", .cancelJob, job, mustReturn: false)

        // Whoever cancels on the platform ends the job where it stands; let go, any other job starts and comes to its end.
        try await stage.reaches("after the cancellation", .ended)
        try await stage.release(hold)
        try await stage.wait("at the end", for: .ended)
    }

    @discardableResult
    private static func check(_ submitted: Outcome) throws -> String {
        guard let id = submitted.value?.string, !id.isEmpty else { throw ProbeStop("submit_job returned no job id", by: "submit") }
        return id
    }
}
