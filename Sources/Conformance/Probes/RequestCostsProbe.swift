import Recording

/// Each method is called once while nothing changes, and the platform's requests are counted after each call.
enum RequestCostsProbe: Probe {
    static let name = "request-costs"
    static let reads: [Method] = [.authenticate, .getJobStatus, .getJobResult, .cancelJob, .listJobs, .getLogs, .getResourceUsage]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        // A job that is held before its start: how often a connector asks whether it has begun depends on the machine, and shows here.
        let hold = stage.canHold ? try await stage.hold(.pending) : nil
        try await stage.requests("before \(Method.submitJob.rawValue)")
        let submission = stage.start("submit", .submitJob, Call.Argument("code", .string(Program.printing(stage.nonce("job")).code)))
        let returned = try await stage.hasReturned(submission)
        if returned { try await stage.requests("after \(Method.submitJob.rawValue)") }
        if let hold { try await stage.release(hold) }
        guard let id = try await stage.finish(submission).value?.string, !id.isEmpty else {
            throw ProbeStop("submit_job returned no job id", by: "submit")
        }
        try await stage.wait("job ended", for: .ended)
        try await stage.settle("status at the end", id)

        let job = Call.Argument("job_id", .string(id), positional: true)
        for method in reads {
            let needsJob = method == .getJobStatus || method == .getJobResult || method == .cancelJob || method == .getLogs
            try await stage.requests("before \(method.rawValue)")
            try await stage.perform(PlannedCall(method.rawValue, method, needsJob ? [job] : [], mustReturn: false))
            try await stage.requests("after \(method.rawValue)")
        }
    }
}
