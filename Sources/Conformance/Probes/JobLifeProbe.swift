import Recording

/// One job, which writes to both streams and then waits, is held at each step of its life while its status is read.
enum JobLifeProbe: Probe {
    static let name = "job-life"
    static let pendingReads = ["status while pending", "status while pending, second read"]
    static let runningReads = (1...4).map { "status while running, read \($0)" }
    static let lastRead = "status at the end"
    static let logsWhilePending = "logs while pending"
    static let logsAtTheEnd = "logs at the end"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let pending = try await stage.hold(.pending)
        let running = try await stage.hold(.running)
        let settling = try await stage.hold(.settling)
        let submission = stage.start("submit", .submitJob, Call.Argument("code", .string(Program.speaking(stage.nonce("job")).code)))
        guard try await stage.arrives("job is pending", by: submission) else {
            _ = try await argument(stage.finish(submission))
            throw ProbeStop("the platform has no job", by: "job is pending")
        }
        // A connector may well return from submit_job only when the job has begun.
        let returned = try await stage.hasReturned(submission)
        var job: Call.Argument?
        if returned {
            let submitted = try await argument(stage.finish(submission))
            for label in pendingReads { try await stage.call(label, .getJobStatus, submitted) }
            try await stage.jobs("job is pending still")
            // There is nothing yet: what a connector says of it is the beginning of what it says later.
            try await stage.call(logsWhilePending, .getLogs, submitted, mustReturn: false)
            job = submitted
        }
        try await stage.release(pending)
        let truth = try await stage.wait("job runs", for: .running)
        if !returned { job = try await argument(stage.finish(submission)) }
        try await stage.writes("job has written", stage.nonce("job"))
        if let job { try await readToTheEnd(job, truth, stage, running: running, settling: settling) }
    }

    private static func readToTheEnd(
        _ job: Call.Argument, _ truth: JobTruth, _ stage: Stage, running: String, settling: String
    ) async throws {
        try await stage.processes("processes before the reads", of: truth)
        for label in runningReads { try await stage.call(label, .getJobStatus, job) }
        try await stage.processes("processes after the reads", of: truth)
        try await stage.release(running)
        try await stage.wait("job has exited", for: .exited)
        try await stage.call("status after the exit", .getJobStatus, job)
        try await stage.release(settling)
        try await stage.wait("job ended", for: .ended)
        try await stage.settle(lastRead, job.value.string ?? "")
        try await stage.call(logsAtTheEnd, .getLogs, job, mustReturn: false)
    }

    private static func argument(_ submitted: Outcome) throws -> Call.Argument {
        guard let id = submitted.value?.string, !id.isEmpty else { throw ProbeStop("submit_job returned no job id", by: "submit") }
        return Call.Argument("job_id", .string(id), positional: true)
    }
}
