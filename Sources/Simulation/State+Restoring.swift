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

    public init(
        record: JobRecord, submission: Submission, launched: Bool = false, hasGate: Bool = false, exit: SeenExit? = nil
    ) {
        self.record = record
        self.submission = submission
        self.launched = launched
        self.hasGate = hasGate
        self.exit = exit
    }
}

extension State {
    /// The state after a history, without its replay. Holds are over: once `platformStarted` is reduced, it equals the
    /// replayed state after the same event.
    public init(
        restoring settings: Settings, nextNumber: Int64, submissionsByTenant: [String: Int64], live: [LiveJobSeed]
    ) {
        self.init(settings: settings)
        self.nextNumber = nextNumber
        self.submissionsByTenant = TreeDictionary(uniqueKeysWithValues: submissionsByTenant.map { ($0.key, $0.value) })
        for seed in live { restore(seed) }
    }

    private mutating func restore(_ seed: LiveJobSeed) {
        let record = seed.record
        jobs[record.id] = LiveJob(
            record: record, submission: seed.submission, isLaunched: seed.launched, hasGate: seed.hasGate, exit: seed.exit)
        if let key = record.idempotencyKey { jobsByKey[TenantKey(tenant: record.tenant, key: key)] = record.id }
        if seed.launched {
            launchedCount += 1
        } else {
            queue.insert(record.id, number: record.number)
        }
    }
}
