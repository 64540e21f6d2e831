import Recording

/// The status and the result of an id that no job has, beside those of the id that it was made from: no job has to run for that.
enum UnknownIDProbe: Probe {
    static let name = "unknown-id"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let id = try await stage.submit("submit", .printing(stage.nonce("job")))
        try await stage.reaches("job ended", .ended, patience: .seconds(20))
        try await stage.call("status of known", .getJobStatus, Call.Argument("job_id", .string(id), positional: true), mustReturn: false)
        let unknown = try await stage.callUnknown("status of unknown", .getJobStatus, like: id)
        try await stage.call("result of unknown", .getJobResult, unknown, mustReturn: false)
    }
}
