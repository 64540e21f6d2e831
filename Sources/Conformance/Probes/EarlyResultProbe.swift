import Recording

/// The result is asked for while the job is kept waiting, and again while it is kept running and has written something.
enum EarlyResultProbe: Probe {
    static let name = "early-result"
    static let whilePending = "result while pending"
    static let whileRunning = "result before the end"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let pending = try await stage.hold(.pending)
        let running = try await stage.hold(.running)
        let submission = stage.start("submit", .submitJob, Call.Argument("code", .string(Program.speaking(stage.nonce("job")).code)))
        guard try await stage.arrives("job is pending", by: submission) else {
            _ = try await argument(stage.finish(submission))
            throw ProbeStop("the platform has no job", by: "job is pending")
        }
        // Whoever waits for the end in the first call is not asked a second time meanwhile.
        var job: Call.Argument?
        var waiting: PendingCall?
        if try await stage.hasReturned(submission) {
            let submitted = try await argument(stage.finish(submission))
            waiting = try await ask(whilePending, submitted, stage)
            try await stage.jobs("job is pending still")
            job = submitted
        }
        try await stage.release(pending)
        let truth = try await stage.wait("job runs", for: .running)
        let submitted = if let job { job } else { try await argument(stage.finish(submission)) }
        try await stage.writes("job has written", stage.nonce("job"))
        if let first = waiting {
            if await first.isSettled {
                try await stage.finish(first)
                waiting = nil
            }
        } else {
            waiting = try await ask(whileRunning, submitted, stage)
        }
        try await stage.processes("processes meanwhile", of: truth)
        try await stage.release(running)
        if let waiting { try await stage.finish(waiting) }
        try await stage.wait("job ended", for: .ended)
    }

    /// The call where it waits; nil where it has returned, and is recorded.
    private static func ask(_ label: String, _ job: Call.Argument, _ stage: Stage) async throws -> PendingCall? {
        let call = stage.start(label, .getJobResult, job, mustReturn: false)
        guard try await stage.hasReturned(call) else { return call }
        try await stage.finish(call)
        return nil
    }

    private static func argument(_ submitted: Outcome) throws -> Call.Argument {
        guard let id = submitted.value?.string, !id.isEmpty else { throw ProbeStop("submit_job returned no job id", by: "submit") }
        return Call.Argument("job_id", .string(id), positional: true)
    }
}
