import Recording

/// Twelve finished jobs, the oldest of which failed, are listed in every way; then with a running, a waiting and a cancelled one.
enum ListingProbe: Probe {
    static let name = "listing"
    /// How many jobs have ended when the lists are asked for: more than the default limit.
    static let finished = 12
    /// A limit that is above the number of jobs.
    static let ample = 50
    static let fewSucceeded = "succeeded jobs, at most 2"
    static let noneFiltered = "succeeded jobs, at most 0"
    static let liveList = "list while jobs live"
    static let cancelledStatus = "status of the cancelled job"
    static let lastList = "list after the cancellation"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let failed = try await submit(stage, 1, .exiting(stage.nonce("job 1"), code: 3))
        var newest = failed
        for number in 2...finished { newest = try await submit(stage, number, .printing(stage.nonce("job \(number)"))) }
        try await stage.waitForAll("jobs at rest", for: .ended, count: finished)

        try await stage.call("list by default", .listJobs)
        try await stage.call("list of 3", .listJobs, limit(3))
        try await stage.call("list of all", .listJobs, limit(ample))
        try await stage.call("list of 0", .listJobs, limit(0), mustReturn: false)
        try await stage.call("list of -1", .listJobs, limit(-1), mustReturn: false)
        let form = try await filters(stage, .atRest, preferring: .member)
        try await stage.call(
            "failed jobs, at most 2", .listJobs, limit(2), Call.Argument("status_filter", form.argument(.failed)), mustReturn: false)
        for (label, count) in [(fewSucceeded, 2), (noneFiltered, 0)] {
            try await stage.call(
                label, .listJobs, limit(count), Call.Argument("status_filter", form.argument(.succeeded)), mustReturn: false)
        }

        try await stage.settle("status of the failed job", failed)
        try await stage.settle("status of the newest job", newest)
        try await stage.call("list at rest", .listJobs, limit(ample))
        try await liveJobs(stage, form)
    }

    private static func liveJobs(_ stage: Stage, _ form: FilterForm) async throws {
        let run = try await stage.hold(.running)
        let running = try await submit(stage, finished + 1, .gated(stage.nonce("job \(finished + 1)")))
        try await stage.wait("job runs", for: .running, index: finished)
        let wait = try await stage.hold(.pending)
        try await submitWaiting(stage, wait)
        try await stage.call(liveList, .listJobs, limit(ample), mustReturn: false)
        let liveForm = try await filters(stage, .live, preferring: form)

        // Whether the job is truly cancelled is for other clauses to say: the filter is judged by what the platform's record has.
        let job = Call.Argument("job_id", .string(running), positional: true)
        try await stage.call("cancel the running job", .cancelJob, job, mustReturn: false)
        try await stage.reaches("running job cancelled", .ended, index: finished)
        try await stage.release(run)
        try await stage.wait("running job ended", for: .ended, index: finished)
        _ = try await filters(stage, .cancelled, preferring: liveForm)
        try await stage.settle(cancelledStatus, running, mustReturn: false)
        try await stage.call(lastList, .listJobs, limit(ample), mustReturn: false)
        try await stage.release(wait)
    }

    /// A job that waits. Where submit_job comes back only when the job has begun, nothing waits that a caller could list: it has ended then.
    private static func submitWaiting(_ stage: Stage, _ hold: String) async throws {
        let number = finished + 2
        let submission = stage.start(
            "submit \(number)", .submitJob, Call.Argument("code", .string(Program.printing(stage.nonce("job \(number)")).code)),
            Call.Argument("job_name", .string(stage.nonce("name \(number)"))))
        _ = try await stage.arrives("waiting job arrived", by: submission, index: number - 1)
        let returned = try await stage.hasReturned(submission)
        if !returned { try await stage.release(hold) }
        let outcome = try await stage.finish(submission)
        guard outcome.value?.string?.isEmpty == false else { throw ProbeStop("submit_job returned no job id", by: "submit \(number)") }
        if !returned { try await stage.wait("waiting job ended", for: .ended, index: number - 1) }
        try await stage.wait("live jobs", for: .exists, index: number - 1)
    }

    /// Asks for every status of the phase, with `status_filter` in the preferred form, and where that does not work, in the other.
    private static func filters(_ stage: Stage, _ phase: FilterPhase, preferring form: FilterForm) async throws -> FilterForm {
        for status in phase.statuses { try await filter(stage, phase, status, form) }
        guard form == .member, !(await stage.recorded { FilterReading.works(form, in: phase, $0) }) else { return form }
        for status in phase.statuses { try await filter(stage, phase, status, .value) }
        return .value
    }

    private static func filter(_ stage: Stage, _ phase: FilterPhase, _ status: Status, _ form: FilterForm) async throws {
        try await stage.call(
            phase.label(status, form), .listJobs, limit(ample), Call.Argument("status_filter", form.argument(status)),
            mustReturn: false)
    }

    private static func submit(_ stage: Stage, _ number: Int, _ program: Program) async throws -> String {
        try await stage.submit("submit \(number)", program, Call.Argument("job_name", .string(stage.nonce("name \(number)"))))
    }

    private static func limit(_ count: Int) -> Call.Argument { Call.Argument("limit", .int(count)) }
}
