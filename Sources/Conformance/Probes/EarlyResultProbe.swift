import Recording

/// The result is asked for while the job is kept running.
enum EarlyResultProbe: Probe {
    static let name = "early-result"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let id = try await stage.submit("submit", .gated(stage.nonce("job")))
        let truth = try await stage.wait("job runs", for: .running)
        let result = stage.start(
            "result before the end", .getJobResult, Call.Argument("job_id", .string(id), positional: true), mustReturn: false)
        let returned = try await stage.hasReturned(result)
        if returned { try await stage.finish(result) }
        try await stage.processes("processes meanwhile", of: truth)
        try await stage.release(hold)
        if !returned { try await stage.finish(result) }
        try await stage.wait("job ended", for: .ended)
    }
}
