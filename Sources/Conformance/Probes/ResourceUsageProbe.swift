import Recording

/// After a job has run, the usage is asked for.
enum ResourceUsageProbe: Probe {
    static let name = "resource-usage"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        _ = try await stage.submit("submit", .printing(stage.nonce("job")))
        try await stage.reaches("job ended", .ended, patience: .seconds(20))
        let usage = try await stage.call("usage", .getResourceUsage, mustReturn: false)
        if case .dict? = usage.value { try await stage.look("usage as JSON", "usage_as_json", Value.Field("instance", "main")) }
    }
}
