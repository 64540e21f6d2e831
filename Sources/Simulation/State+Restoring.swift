import HashTreeCollections

/// A live job as the history kept it.
public struct LiveJobSeed: Sendable, Hashable {
    public var record: JobRecord
    public var submission: Submission
    /// Its launch effect was given.
    public var launched: Bool
    /// It was launched with a gate.
    public var hasGate: Bool
    /// Its end, when that was stored while a hold kept it back.
    public var exit: SeenExit?
    /// When the process of a later attempt than the first started: the moment of the last `processStarted` behind the
    /// last `nodeLost`. The record has that of the first attempt.
    public var attemptStartedAt: Timestamp?
    /// Its time was over: there is a `timerFired` of its time limit.
    public var isOverTime: Bool

    public init(
        record: JobRecord, submission: Submission, launched: Bool = false, hasGate: Bool = false, exit: SeenExit? = nil,
        attemptStartedAt: Timestamp? = nil, isOverTime: Bool = false
    ) {
        self.record = record
        self.submission = submission
        self.launched = launched
        self.hasGate = hasGate
        self.exit = exit
        self.attemptStartedAt = attemptStartedAt
        self.isOverTime = isOverTime
    }
}

extension State {
    /// The state after a history, without its replay. Holds are over: once `platformStarted` is reduced, it equals the
    /// replayed state after the same event.
    ///
    /// - Parameters:
    ///   - accounts: what each tenant's ended jobs came to, added up in the order of their ends.
    ///   - quotas: those of tenants that have their own.
    public init(
        restoring settings: Settings, nextNumber: Int64, submissionsByTenant: [String: Int64],
        accounts: [String: Account] = [:], quotas: [String: Quota] = [:], live: [LiveJobSeed]
    ) {
        self.init(settings: settings)
        self.nextNumber = nextNumber
        for (tenant, count) in submissionsByTenant { tenants[tenant, default: TenantBooks()].submissions = count }
        for (tenant, account) in accounts { tenants[tenant, default: TenantBooks()].account = account }
        for (tenant, quota) in quotas { tenants[tenant, default: TenantBooks()].quota = quota }
        for seed in live { restore(seed) }
    }

    private mutating func restore(_ seed: LiveJobSeed) {
        let record = seed.record
        var job = LiveJob(
            record: record, submission: seed.submission, isLaunched: seed.launched, hasGate: seed.hasGate, exit: seed.exit)
        let startedAt = record.attempt == 1 ? record.startedAt : seed.attemptStartedAt
        if seed.launched { job.attemptStartedAt = startedAt.map { max(record.createdAt, $0) } }
        job.isOverTime = seed.isOverTime
        jobs[record.id] = job
        tenants[record.tenant, default: TenantBooks()].live += 1
        if record.status == .running { tenants[record.tenant]?.running += 1 }
        if let key = record.idempotencyKey { jobsByKey[TenantKey(tenant: record.tenant, key: key)] = record.id }
        if seed.launched {
            nodeTable.take(Allocation(seed.submission.resources), of: job.node)
        } else {
            queue.insert(record.id, number: record.number)
        }
    }
}
