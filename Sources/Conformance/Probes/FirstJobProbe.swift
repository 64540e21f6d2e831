import Recording

/// The plain story: one job that prints a word and ends well, looked at by every method.
enum FirstJobProbe: Probe {
    static let name = "first-job"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let id = try await stage.submit("submit", .printing(stage.nonce("job")), Call.Argument("job_name", .string(stage.nonce("name"))))
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.call("status at once", .getJobStatus, job)
        try await stage.wait("job ended", for: .ended)
        try await stage.settle("status at the end", id)
        try await stage.call("result", .getJobResult, job)
        try await stage.call("logs", .getLogs, job)
        try await stage.call("list", .listJobs)
    }
}
