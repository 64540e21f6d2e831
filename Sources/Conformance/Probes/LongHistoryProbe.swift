import Recording

/// The newest ten of a thousand jobs are listed; then the one that failed, the oldest of all; then as many as take several pages.
enum LongHistoryProbe: Probe {
    static let name = "long-history"
    static let stored = 1000
    static let limit = 10
    /// More than two pages of the usual hundred. A list of all would be too large to record where each row tells much, and slow where each
    /// row costs a request.
    static let farLimit = 250
    static let farList = "list of 250"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let failed = try await stage.submit("submit", .exiting(stage.nonce("job"), code: 3))
        try await stage.wait("oldest job ended", for: .ended)
        try await stage.storeEndedJobs(stored - 1)
        try await stage.requests("before the list")
        try await stage.call("list of 10", .listJobs, Call.Argument("limit", .int(limit)))
        try await stage.requests("after the list")
        let found = try await filter(stage, .member)
        if found.value?.items?.contains(where: { $0["job_id"]?.string == failed }) != true { _ = try await filter(stage, .value) }
        try await stage.call(farList, .listJobs, Call.Argument("limit", .int(farLimit)), mustReturn: false)
    }

    static func label(_ form: FilterForm) -> String { "failed jobs" + (form == .value ? ", as value" : "") }

    private static func filter(_ stage: Stage, _ form: FilterForm) async throws -> Outcome {
        try await stage.call(
            label(form), .listJobs, Call.Argument("limit", .int(limit)), Call.Argument("status_filter", form.argument(.failed)),
            mustReturn: false)
    }
}
