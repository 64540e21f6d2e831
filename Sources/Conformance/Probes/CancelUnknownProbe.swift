import Recording

/// An id that no job has is cancelled while another job runs.
enum CancelUnknownProbe: Probe {
    static let name = "cancel-unknown"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let id = try await stage.submit("submit", .gated(stage.nonce("job")))
        try await stage.wait("job runs", for: .running)
        let unknown = try await stage.unknownID(like: id)
        try await stage.call(
            "cancel unknown", .cancelJob, Call.Argument("job_id", .string(unknown), positional: true), mustReturn: false)
        try await stage.jobs("after the cancellation")
        try await stage.release(hold)
        try await stage.wait("job ended", for: .ended)
    }
}
