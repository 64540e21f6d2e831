import Recording

/// The newest ten of a thousand jobs are listed.
enum LongHistoryProbe: Probe {
    static let name = "long-history"
    static let stored = 1000
    static let limit = 10

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        try await stage.storeEndedJobs(stored)
        try await stage.requests("before the list")
        try await stage.call("list of 10", .listJobs, Call.Argument("limit", .int(limit)))
        try await stage.requests("after the list")
    }
}
