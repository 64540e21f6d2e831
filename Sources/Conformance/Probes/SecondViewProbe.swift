import Recording

/// Two jobs of one instance are looked at by a second instance of the same program, and by a second program.
enum SecondViewProbe: Probe {
    static let name = "second-view"
    static let outcomes = ["succeeded", "failed"]
    static let viewers = ["second instance", "second process"]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let ids = [
            try await stage.submit("submit succeeded", .printing(stage.nonce("succeeded"))),
            try await stage.submit("submit failed", .exiting(stage.nonce("failed"), code: 3)),
        ]
        try await stage.waitForAll("jobs ended", for: .ended, count: ids.count)
        for (outcome, id) in zip(outcomes, ids) { try await stage.settle("status of \(outcome) to the owner", id) }
        for (outcome, id) in zip(outcomes, ids) { try await read(id, outcome, of: "owner", on: "main", stage) }
        try await view(ids, as: viewers[0], stage)
        try await stage.inSecondSession { try await view(ids, as: viewers[1], $0) }
    }

    private static func read(_ id: String, _ outcome: String, of viewer: String, on instance: String, _ stage: Stage) async throws {
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.call("result of \(outcome) to the \(viewer)", .getJobResult, job, on: instance, mustReturn: false)
        try await stage.call("logs of \(outcome) to the \(viewer)", .getLogs, job, on: instance, mustReturn: false)
    }

    private static func view(_ ids: [String], as viewer: String, _ stage: Stage) async throws {
        try await stage.begin(as: viewer)
        for (outcome, id) in zip(outcomes, ids) {
            let job = Call.Argument("job_id", .string(id), positional: true)
            try await stage.call("status of \(outcome) to the \(viewer)", .getJobStatus, job, on: viewer, mustReturn: false)
            try await read(id, outcome, of: viewer, on: viewer, stage)
        }
        try await stage.call("list of the \(viewer)", .listJobs, Call.Argument("limit", 50), on: viewer)
    }
}
