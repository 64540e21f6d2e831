import HashTreeCollections

/// The platform's live state: jobs that have not ended, the queue, holds. Ended jobs are in the history only.
///
/// A value: copying it is cheap, and the engine keeps the last stored one to fall back on when a commit fails.
public struct State: Sendable, Equatable {
    /// The first node, which every platform has.
    public static let node = Node.name(1)

    public internal(set) var settings: Settings
    /// The number that the next job gets.
    public internal(set) var nextNumber: Int64
    /// True between `platformStopping` and the next `platformStarted`.
    public internal(set) var isStopping = false
    var nodeTable: NodeTable
    var jobs: TreeDictionary<String, LiveJob> = [:]
    var queue = Queue()
    var holds = Holds()
    var tenants: TreeDictionary<String, TenantBooks> = [:]
    /// Live jobs by their idempotency key; those of ended jobs are in the history.
    var jobsByKey: TreeDictionary<TenantKey, String> = [:]

    public init(settings: Settings = Settings()) {
        self.settings = settings
        nextNumber = 1
        nodeTable = NodeTable(settings)
    }
}

/// An idempotency key belongs to one tenant.
struct TenantKey: Sendable, Hashable {
    var tenant: String
    var key: String
}

/// A job that has not ended, with what the core must know beyond its record.
struct LiveJob: Sendable, Equatable {
    var record: JobRecord
    var submission: Submission
    /// Its launch effect was given: it occupies a slot, and may be started at any moment.
    var isLaunched = false
    /// When its process started, the one of this attempt: the record has the start of the first.
    var attemptStartedAt: Timestamp?
    /// Its time was over before it ended, or was asked to.
    var isOverTime = false
    /// It was launched with a gate, whether or not that is open by now.
    var hasGate = false
    /// Its end, when it was seen and a hold keeps it back.
    var exit: SeenExit?
    /// The grace period between TERM and KILL runs.
    var isInGrace = false

    /// Its process was seen, in this attempt.
    var hasStarted: Bool { attemptStartedAt != nil }

    /// The node that it was launched on. A history from before records had nodes knows one only.
    var node: String { record.node ?? State.node }
}

/// The end of a job's process, and when it was seen.
public struct SeenExit: Sendable, Hashable {
    /// When the platform heard of it; the process may have ended long before (`Exit.endedAt`).
    public var at: Timestamp
    public var exit: Exit

    public init(at: Timestamp, exit: Exit) {
        self.at = at
        self.exit = exit
    }
}
