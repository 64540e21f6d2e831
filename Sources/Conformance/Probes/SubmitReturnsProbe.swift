import Recording

/// Whether submit_job returns before the job's end: the job is kept running until submit_job has returned, or plainly waits.
///
/// A check runs it first: where submit_job blocks, the other probes go without holds.
enum SubmitReturnsProbe: Probe {
    static let name = "submit-returns"
    /// The labels of the reads that follow the submission directly.
    static let reads = ["status at once", "status at once, second read", "status at once, third read"]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let submission = stage.start("submit", .submitJob, Call.Argument("code", .string(Program.gated(stage.nonce("job")).code)))
        guard try await stage.arrives("job arrived", by: submission) else {
            try await end(submission, hold, stage)
            throw ProbeStop("the platform has no job", by: "job arrived")
        }
        guard try await stage.reaches("job runs", .running, patience: .seconds(20)) else {
            try await end(submission, hold, stage)
            throw ProbeStop("the platform has no job that runs", by: "job runs")
        }

        // A connector that looks whether its job has begun, or shows, is given time for it.
        let returned = try await stage.hasReturned(submission, patience: .seconds(4))
        if returned { try await read(stage, stage.finish(submission)) }
        try await stage.jobs("job while held")
        try await stage.release(hold)
        if !returned { try await read(stage, stage.finish(submission)) }
        try await stage.wait("job ended", for: .ended)
    }

    private static func end(_ submission: PendingCall, _ hold: String, _ stage: Stage) async throws {
        try await stage.release(hold)
        let outcome = try await stage.finish(submission)
        if outcome.value?.string?.isEmpty != false { throw ProbeStop("submit_job returned no job id", by: "submit") }
    }

    private static func read(_ stage: Stage, _ submitted: Outcome) async throws {
        guard let id = submitted.value?.string, !id.isEmpty else { throw ProbeStop("submit_job returned no job id", by: "submit") }
        for label in reads {
            try await stage.call(label, .getJobStatus, Call.Argument("job_id", .string(id), positional: true), mustReturn: false)
        }
    }

    /// Whether submit_job ended without a job on the platform.
    static func madeNoJob(_ recording: Recording) -> Bool {
        guard let record = try? recording.jobs("job arrived") else { return recording.stop?.by != nil }
        return record.jobs.isEmpty
    }

    /// Whether submit_job came back only after its job was let go; nil where the probe did not get that far.
    static func submitBlocks(_ recording: Recording) -> Bool? {
        guard let submit = recording.fact("submit"), recording.fact("job while held") != nil, let release = recording.fact("release")
        else { return nil }
        return submit.sequence > release.sequence
    }
}
