import HashTreeCollections

extension State {
    /// How many jobs occupy a slot. A node runs no more at once than it has slots, whatever it was given.
    public var runningCount: Int { nodeTable.runningCount }

    /// How many jobs wait for a slot, here or at a node; those that a hold keeps at `pending` are not among them.
    public var queuedCount: Int { queue.count + nodeTable.launchedCount - runningCount }

    /// The record of a live job; nil when it ended or never was.
    public func job(_ id: String) -> JobRecord? { jobs[id]?.record }

    /// What a live job was submitted with.
    public func submission(of id: String) -> Submission? { jobs[id]?.submission }

    /// The live job that this tenant submitted under this idempotency key.
    public func job(tenant: String, idempotencyKey: String) -> (record: JobRecord, submission: Submission)? {
        guard let id = jobsByKey[TenantKey(tenant: tenant, key: idempotencyKey)], let job = jobs[id] else { return nil }
        return (job.record, job.submission)
    }

    /// The tenant's live jobs, newest first; every tenant's when `tenant` is nil.
    public func liveJobs(tenant: String? = nil) -> [JobRecord] {
        jobs.values.lazy.map(\.record).filter { tenant == nil || $0.tenant == tenant }.sorted { $0.number > $1.number }
    }

    /// How many submissions of this tenant were accepted, ever.
    public func submissionCount(tenant: String) -> Int64 { tenants[tenant]?.submissions ?? 0 }

    /// The jobs whose launch was ordered and whose end was not seen, oldest first.
    ///
    /// After a restart the engine asks the nodes for each job that was in it *before* it fed `platformStarted`. What
    /// becomes of them, `NodeAgreement` says.
    public var launchedJobs: [LaunchedJob] {
        liveJobsInOrder.filter { $0.isLaunched && $0.exit == nil }.map { job in
            LaunchedJob(
                record: job.record, submission: job.submission, gated: holds.keepsGateClosed(of: job.record.id), hasStarted: job.hasStarted,
                isToEnd: job.record.cancelRequestedAt != nil || job.isOverTime, isInGrace: job.isInGrace)
        }
    }

    /// The holds that have not caught a job yet, in the order they were armed.
    public var armedHolds: [Hold] { holds.inOrder.filter { $0.job == nil } }

    /// The holds that keep a job, in the order they were armed.
    public var caughtHolds: [Hold] { holds.inOrder.filter { $0.job != nil } }

    /// The hold of that name, armed or caught; nil once it is over.
    public func hold(_ id: String) -> Hold? { holds.byID[id] }

    /// Oldest first.
    var liveJobsInOrder: [LiveJob] { jobs.values.sorted { $0.record.number < $1.record.number } }
}

/// A job that a node should know of.
public struct LaunchedJob: Sendable, Hashable {
    public var id: String { record.id }
    public var record: JobRecord
    public var submission: Submission
    /// A hold keeps its gate closed now. False after a restart, when every hold is over: one that must be launched
    /// again then needs no gate.
    public var gated: Bool
    /// Its process was seen, in this attempt.
    public var hasStarted: Bool
    /// A client wants it to end, or its time is over.
    public var isToEnd: Bool
    /// The grace period between TERM and KILL runs.
    public var isInGrace: Bool

    public init(
        record: JobRecord, submission: Submission, gated: Bool, hasStarted: Bool = false, isToEnd: Bool = false, isInGrace: Bool = false
    ) {
        self.record = record
        self.submission = submission
        self.gated = gated
        self.hasStarted = hasStarted
        self.isToEnd = isToEnd
        self.isInGrace = isInGrace
    }

    var isToBeKilled: Bool { isToEnd && !isInGrace }
}
