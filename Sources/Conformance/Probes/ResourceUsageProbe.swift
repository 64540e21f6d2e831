import Recording

/// After a job has run, the usage is asked for.
enum ResourceUsageProbe: Probe {
    static let name = "resource-usage"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        _ = try await stage.submit("submit", .printing(stage.nonce("job")))
        try await stage.reaches("job ended", .ended, patience: .seconds(20))
        try await stage.call("usage", .getResourceUsage, mustReturn: false)
    }
}
