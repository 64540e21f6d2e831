/// What happened, with its moment. Events are the reducer's only input, and what the history stores.
public struct Event: Sendable, Hashable, Codable {
    public var at: Timestamp
    public var body: Body

    public init(at: Timestamp, _ body: Body) {
        self.at = at
        self.body = body
    }

    public enum Body: Sendable, Hashable, Codable {
        /// The engine started, or started again, on this history. Ends every hold of the run before.
        case platformStarted(Settings)
        /// The platform was asked to stop. Running jobs end as `platform_stopped`, pending ones stay.
        case platformStopping
        /// A client asked for a job.
        case submitted(tenant: String, Submission)
        /// A client asked to cancel.
        case cancelRequested(job: String)
        /// The node says that the job's process is alive.
        case processStarted(job: String)
        /// The node could not start the job's process.
        case launchFailed(job: String, message: String)
        /// What the job needs before it can start cannot be had, such as a dependency.
        case preparationFailed(job: String, message: String)
        /// The job's process ended and its whole tree is gone.
        case processExited(job: String, Exit)
        /// The node died with this job on it, or never heard of it.
        case nodeLost(job: String)
        /// A node's condition is another from now on.
        case nodeChanged(node: String, NodeCondition)
        /// What this tenant may use from now on, in place of the settings' quota; nil gives that back.
        case quotaSet(tenant: String, Quota?)
        /// A timer that an effect asked for ran out.
        case timerFired(Timer)
        /// A judge asked that this tenant's next job stand still at `point`.
        case holdArmed(hold: String, tenant: String, HoldPoint)
        /// That hold is over, whether it had caught a job or not.
        case holdReleased(hold: String)
    }
}

/// How a job's main process ended, and what it used.
public struct Exit: Sendable, Hashable, Codable {
    /// The exit code, when it exited by itself.
    public var code: Int32?
    /// The signal that ended it, otherwise.
    public var signal: Int32?
    /// The bound of its resources that the node ended it for.
    public var bound: Bound?
    public var usage: Usage
    /// When the process started and ended, where nobody was there to hear of it at the time. Nil when the event's own
    /// moment says it.
    public var startedAt: Timestamp?
    public var endedAt: Timestamp?

    public init(
        code: Int32? = nil, signal: Int32? = nil, bound: Bound? = nil, usage: Usage = Usage(), startedAt: Timestamp? = nil,
        endedAt: Timestamp? = nil
    ) {
        self.code = code
        self.signal = signal
        self.bound = bound
        self.usage = usage
        self.startedAt = startedAt
        self.endedAt = endedAt
    }
}

/// A resource that a job may use only so much of, as its node sees to it.
public enum Bound: String, Sendable, Hashable, Codable, CaseIterable {
    case memory
    case disk
}

/// A timer of the core; the shell waits and then feeds `timerFired`.
public enum Timer: Sendable, Hashable, Codable {
    /// The grace period of a cancelled job is over.
    case cancelGrace(job: String)
    /// The job has run for as long as it may.
    case timeLimit(job: String)
}

/// Where a hold stops a job.
public enum HoldPoint: String, Sendable, Hashable, Codable, CaseIterable {
    /// Accepted, never admitted until released.
    case pending
    /// Its process lives and waits at its gate.
    case running
    /// Its process has ended and nobody was told.
    case settling
}
