import Recording

/// Calls methods before authenticate: on an instance whose credentials are right, then on instances with bad ones.
///
/// Between the two another instance is authenticated, so that what instances share by mistake is there to be misused.
enum UnauthenticatedProbe: Probe {
    static let name = "before-authentication"

    static func run(_ stage: Stage) async throws {
        try await stage.construct("construct fresh", as: "fresh")
        let fresh = try await stage.call("submit fresh", .submitJob, code(stage, "fresh"), on: "fresh", mustReturn: false)
        if fresh.raised == nil {
            _ = try await stage.reaches("job of fresh", .ended, patience: .seconds(20))
        }

        try await stage.begin()
        let bad = BadCredentials.distinct(from: stage.tenant)
        try await stage.comeToRest()
        try await stage.jobs("jobs before")
        var made: [BadCredentials] = []
        for one in bad where try await submit(one, stage) { made.append(one) }
        try await stage.comeToRest()
        let before = try await stage.jobs("jobs after").count

        let id = try await stage.submit("submit", .printing(stage.nonce("job")))
        do {
            try await stage.wait("job exists", for: .exists, index: before, patience: .seconds(3))
            try await stage.wait("job ended", for: .ended, index: before)
        } catch is ProbeStop {}  // a platform without the job is a truth as well
        for one in made { try await read(one, id, stage) }
        try await provoke(stage, id)
        try await stage.guestState("state at the end")
    }

    /// False where the constructor has refused the credentials.
    private static func submit(_ bad: BadCredentials, _ stage: Stage) async throws -> Bool {
        let made = try await stage.construct(
            "construct \(bad.name)", as: bad.name, credentials: bad.credentials, mustReturn: false)
        guard made.raised == nil else { return false }
        try await stage.call("submit \(bad.name)", .submitJob, code(stage, bad.name), on: bad.name, mustReturn: false)
        try await stage.comeToRest()
        try await stage.jobs("jobs of \(bad.name)", containing: stage.nonce(bad.name))
        return true
    }

    private static func read(_ bad: BadCredentials, _ id: String, _ stage: Stage) async throws {
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.call("status \(bad.name)", .getJobStatus, job, on: bad.name, mustReturn: false)
        try await stage.call("list \(bad.name)", .listJobs, on: bad.name, mustReturn: false)
    }

    /// Errors of another kind, whose texts must not hold a secret either.
    private static func provoke(_ stage: Stage, _ id: String) async throws {
        let unknown = Call.Argument("job_id", .string(try await stage.unknownID(like: id)), positional: true)
        try await stage.call("status of an unknown id", .getJobStatus, unknown, mustReturn: false)
        try await stage.call("logs of an unknown id", .getLogs, unknown, mustReturn: false)
    }

    private static func code(_ stage: Stage, _ name: String) -> Call.Argument {
        Call.Argument("code", .string(Program.printing(stage.nonce(name)).code))
    }
}
