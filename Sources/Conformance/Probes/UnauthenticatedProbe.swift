import Recording

/// Calls methods before authenticate: on an instance whose credentials are right, then on instances with bad ones.
///
/// Between the two another instance is authenticated, so that what instances share by mistake is there to be misused.
enum UnauthenticatedProbe: Probe {
    static let name = "before-authentication"
    static let credentials = "credentials after the calls"

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
        let local = try await offers(stage)
        for one in made { try await read(one, id, local, stage) }
        for one in made { try await result(one, id, stage) }
        try await provoke(stage, id)
        try await stage.look(credentials, "credentials_unchanged", Value.Field("instance", "main"))
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

    private static func read(_ bad: BadCredentials, _ id: String, _ local: String?, _ stage: Stage) async throws {
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.call("status \(bad.name)", .getJobStatus, job, on: bad.name, mustReturn: false)
        try await stage.call("list \(bad.name)", .listJobs, on: bad.name, mustReturn: false)
        try await stage.call("logs \(bad.name)", .getLogs, job, on: bad.name, mustReturn: false)
        try await stage.call("cancel \(bad.name)", .cancelJob, job, on: bad.name, mustReturn: false)
        if stage.terms.off[.resourceUsage] == nil {
            try await stage.call("usage \(bad.name)", .getResourceUsage, on: bad.name, mustReturn: false)
        }
        guard let local else { return }
        try await stage.call(
            "upload \(bad.name)", .uploadFile, Call.Argument("local_path", .string(local), positional: true),
            Call.Argument("remote_path", .string("\(stage.nonce(bad.name)).bin"), positional: true), on: bad.name, mustReturn: false)
        try await stage.files("files after upload \(bad.name)")
    }

    /// What the optional methods give to somebody who is known. Gives the path of a file to upload, where that is on.
    private static func offers(_ stage: Stage) async throws -> String? {
        if stage.terms.off[.resourceUsage] == nil { try await stage.call("usage", .getResourceUsage, mustReturn: false) }
        guard stage.terms.off[.uploadFile] == nil else { return nil }
        let area = try await stage.look("files", "file_area", Value.Field("do", "make"), Value.Field("only", .list(["one byte"])))
        return try "\(stage.path("uploads", in: area))/one.bin"
    }

    /// A connector whose status says UNKNOWN may wait for the end for ever: it is left waiting, and nothing is recorded.
    private static func result(_ bad: BadCredentials, _ id: String, _ stage: Stage) async throws {
        let call = stage.start(
            "result \(bad.name)", .getJobResult, Call.Argument("job_id", .string(id), positional: true), on: bad.name, mustReturn: false)
        if try await stage.hasReturned(call) { try await stage.finish(call) }
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
