import HashTreeCollections

/// The platform's live state: jobs that have not ended, the queue, holds. Ended jobs are in the history only.
///
/// A value: copying it is cheap, and the engine keeps the last stored one to fall back on when a commit fails.
public struct State: Sendable, Equatable {
    /// Where jobs run. There is one node, so nothing is chosen.
    public static let node = "node-1"

    public internal(set) var settings: Settings
    /// The number that the next job gets.
    public internal(set) var nextNumber: Int64
    /// True between `platformStopping` and the next `platformStarted`.
    public internal(set) var isStopping = false
    /// How many jobs the node was given: from their launch effect until their end.
    var launchedCount = 0

    var jobs: TreeDictionary<String, LiveJob> = [:]
    var queue = Queue()
    var holds = Holds()
    /// Accepted submissions by tenant: the n in the draw of a job's id.
    var submissionsByTenant: TreeDictionary<String, Int64> = [:]
    /// Live jobs by their idempotency key; those of ended jobs are in the history.
    var jobsByKey: TreeDictionary<TenantKey, String> = [:]

    public init(settings: Settings = Settings()) {
        self.settings = settings
        nextNumber = 1
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
    /// It was launched with a gate, whether or not that is open by now.
    var hasGate = false
    /// Its end, when it was seen and a hold keeps it back.
    var exit: SeenExit?
    /// The grace period between TERM and KILL runs.
    var isInGrace = false
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
