import Simulation

/// A platform without a shell: feeds events a second apart and keeps what came of them.
struct Bench {
    var state: State
    var seconds: Int64 = 0
    var recorded: [Event] = []

    init(slots: Int = 2, seed: UInt64 = 1) {
        state = State()
        feed(.platformStarted(Settings(seed: seed, slots: slots, cancelGraceSeconds: 2)))
    }

    init(_ settings: Settings) {
        state = State()
        feed(.platformStarted(settings))
    }

    var now: Timestamp { moment(seconds) }

    @discardableResult
    mutating func feed(_ body: Event.Body) -> Step {
        seconds += 1
        let event = Event(at: now, body)
        let step = state.reduce(event)
        if step.isRecorded { recorded.append(event) }
        return step
    }

    @discardableResult
    mutating func submit(_ tenant: String = "ada", key: String? = nil, code: String = "1") -> String {
        guard case .accepted(let record) = feed(.submitted(tenant: tenant, Submission(code: code, idempotencyKey: key))).answer
        else { return "refused" }
        return record.id
    }

    /// Submits a job that asks for what `change` sets.
    @discardableResult
    mutating func submit(_ tenant: String = "ada", _ change: (inout Submission) -> Void) -> Step {
        var submission = Submission(code: "1")
        change(&submission)
        return feed(.submitted(tenant: tenant, submission))
    }

    /// Submits such a job and has its process start.
    mutating func run(_ tenant: String = "ada", _ change: (inout Submission) -> Void) -> String {
        let id = submit(tenant, change).job
        feed(.processStarted(job: id))
        return id
    }

    /// Submits a job and has its process start.
    mutating func run(_ tenant: String = "ada") -> String {
        let id = submit(tenant)
        feed(.processStarted(job: id))
        return id
    }

    @discardableResult
    mutating func exit(_ job: String, code: Int32? = 0, signal: Int32? = nil) -> Step {
        feed(.processExited(job: job, Exit(code: signal == nil ? code : nil, signal: signal)))
    }

    @discardableResult
    mutating func cancel(_ job: String) -> Step { feed(.cancelRequested(job: job)) }

    func status(_ job: String) -> JobStatus? { state.job(job)?.status }
}

func moment(_ seconds: Int64) -> Timestamp { Timestamp(microseconds: seconds * 1_000_000) }

extension Step {
    /// The jobs that the step launches, and whether with a gate.
    var launches: [String: Bool] {
        var launches: [String: Bool] = [:]
        for case .launch(let job, _, _, _, let gated) in effects { launches[job] = gated }
        return launches
    }

    /// The job that was accepted.
    var job: String {
        if case .accepted(let record) = answer { record.id } else { "refused" }
    }

    /// Where jobs were launched.
    var places: [String: String] {
        var places: [String: String] = [:]
        for case .launch(let job, let node, _, _, _) in effects { places[job] = node }
        return places
    }

    var refusal: String? {
        if case .refused(let code, let message) = answer { "\(code): \(message)" } else { nil }
    }

    var cancelled: Bool? {
        if case .cancelled(let done) = answer { done } else { nil }
    }
}
