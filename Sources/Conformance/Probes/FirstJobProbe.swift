import Recording

/// The plain story: one job that prints a word and ends well, looked at by every method.
enum FirstJobProbe: Probe {
    static let name = "first-job"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let id = try await stage.submit("submit", .printing(stage.nonce("job")))
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.call("status at once", .getJobStatus, job, mustReturn: false)
        guard try await stage.reaches("job ended", .ended, patience: .seconds(20)) else { return try await lookWithoutJob(stage, job) }
        try await stage.settle("status at the end", id)
        try await stage.call("result", .getJobResult, job)
        try await stage.call("logs", .getLogs, job)
        try await stage.call("list", .listJobs)
    }

    /// What the methods answer of an id behind which the platform has no job: nothing here must return, and who waits is left waiting.
    private static func lookWithoutJob(_ stage: Stage, _ job: Call.Argument) async throws {
        let reads: [(String, Method, [Call.Argument])] = [
            ("status", .getJobStatus, [job]), ("list", .listJobs, []), ("logs", .getLogs, [job]), ("result", .getJobResult, [job]),
            ("status after the result", .getJobStatus, [job]),
        ]
        for (label, method, arguments) in reads {
            let call = stage.start(PlannedCall(label, method, arguments, mustReturn: false))
            guard try await stage.hasReturned(call, patience: .seconds(2)) else { break }
            try await stage.finish(call)
        }
        throw ProbeStop("the platform has no job that has ended", by: "job ended")
    }
}
