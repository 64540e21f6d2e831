import Recording

/// An id that no job has is cancelled while another job runs.
enum CancelUnknownProbe: Probe {
    static let name = "cancel-unknown"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = stage.canHold ? try await stage.hold(.running) : nil
        let id = try await stage.submit("submit", .gated(stage.nonce("job")))
        let runs = try await stage.reaches("job runs", hold == nil ? .exists : .running, patience: .seconds(20))
        _ = try await stage.callUnknown("cancel unknown", .cancelJob, like: id)
        guard runs else { throw ProbeStop("the platform has no job that runs", by: "job runs") }
        try await stage.jobs("after the cancellation")
        if let hold { try await stage.release(hold) }
        try await stage.wait("job ended", for: .ended)
    }
}
