/// What the shell must now do. It decides nothing of its own.
public enum Effect: Sendable, Hashable {
    /// Start the job's process. With `gated`, its code finds a FIFO in `WINDTUNNEL_GATE` and waits there.
    case launch(job: String, node: String, Submission, name: String, gated: Bool)
    /// Open the gate of a held job.
    case openGate(job: String, node: String)
    /// Ask the job's process to end (TERM to the whole tree).
    case terminate(job: String, node: String)
    /// End the job's whole tree (KILL).
    case kill(job: String, node: String)
    /// Feed `timerFired(timer)` after so many seconds of the platform's clock.
    case startTimer(Timer, seconds: Double)
    /// Forget that timer, if it still runs.
    case stopTimer(Timer)
}

/// What one event led to.
public struct Step: Sendable, Hashable {
    /// The answer to a client's event, nil for the others.
    public var answer: Answer?
    /// What to do, in order, once the event is stored.
    public var effects: [Effect]
    /// The projections to store with the event, in order. Every job with a launch effect is among them.
    public var changed: [JobRecord]
    /// False where the event changed nothing, so that nothing need be stored.
    public var isRecorded: Bool

    public init(answer: Answer? = nil, effects: [Effect] = [], changed: [JobRecord] = [], isRecorded: Bool = true) {
        self.answer = answer
        self.effects = effects
        self.changed = changed
        self.isRecorded = isRecorded
    }
}

/// The core's answer to a client.
public enum Answer: Sendable, Hashable {
    case accepted(JobRecord)
    /// Whether the cancellation did anything: false when the job had ended or is not live.
    case cancelled(Bool)
    /// Refused, with an error code of the API.
    case refused(code: String, message: String)
}
