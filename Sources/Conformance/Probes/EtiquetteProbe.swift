import Recording

/// Every required method is used, also where it is refused; then the cheap ones, fifty times each.
enum EtiquetteProbe: Probe {
    static let name = "etiquette"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let id = try await stage.submit("submit", .printing(stage.nonce("job")))
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.wait("job ended", for: .ended)
        try await stage.settle("status at the end", id)

        // The first four calls of each, and the fifth.
        try await reads(stage, job, until: 5, times: 5)
        try await stage.guestState("after 5 calls")
        try await reads(stage, job, until: 27, times: 22)
        try await stage.guestState("after 27 calls")
        try await reads(stage, job, until: 50, times: 23)
        try await stage.guestState("after 50 calls")

        // Where a connector is asked what it must refuse, it tells by what it returns or raises, not on the terminal.
        try await stage.call("cancel the ended job", .cancelJob, job, mustReturn: false)
        let unknown = Call.Argument("job_id", .string(try await stage.unknownID(like: id)), positional: true)
        try await stage.call("status of an unknown job", .getJobStatus, unknown, mustReturn: false)
        try await stage.call("cancel an unknown job", .cancelJob, unknown, mustReturn: false)
        try await stage.call("logs of an unknown job", .getLogs, unknown, mustReturn: false)
        try await stage.guestState("at the end")
    }

    private static func reads(_ stage: Stage, _ job: Call.Argument, until count: Int, times: Int) async throws {
        try await stage.callRepeatedly("status, call \(count)", times: times, .getJobStatus, job)
        try await stage.callRepeatedly("result, call \(count)", times: times, .getJobResult, job)
        try await stage.callRepeatedly("logs, call \(count)", times: times, .getLogs, job)
        try await stage.callRepeatedly("list, call \(count)", times: times, .listJobs)
    }
}
