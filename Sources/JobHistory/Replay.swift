import GRDB
import Simulation

/// The reducer's course through a log, with what the history keeps beside the reducer's state.
///
/// A value, and cheap to copy but for its dictionaries, which are as long as there are live jobs and tenants.
struct Replay {
    private(set) var state = State()
    /// The live jobs that were launched, and whether with a gate.
    private(set) var launches: [String: Bool] = [:]
    private(set) var tenants: [String: TenantRow] = [:]
    /// How many jobs have not ended.
    private(set) var liveCount = 0

    init() {}

    /// Goes on from the base of a log that was pruned; else from nothing.
    init(_ db: Database) throws {
        guard let base = try Base.fetch(db) else { return }
        let restored = try RestoredHistory(db, base)
        state = restored.state
        for seed in restored.live {
            if seed.launched { launches[seed.record.id] = seed.hasGate }
        }
        tenants = try TenantRow.fetchAll(db, from: .base)
        liveCount = restored.live.count
    }

    /// What an event came to.
    struct Outcome {
        var stored: StoredStep
        /// False where the event changes nothing at this place of the log.
        var isRecorded: Bool
        /// The rows of the jobs that ended with it.
        var ended: [JobRow]
    }

    mutating func take(_ event: Event) -> Outcome {
        let step = state.reduce(event)
        let stored = StoredStep(event, step)
        if let requeued = stored.requeued { launches[requeued] = nil }
        for launch in stored.launched { launches[launch.job] = launch.gated }
        if step.isRecorded { stored.changeTenants { tenant, change in change(&tenants[tenant, default: TenantRow()]) } }
        let ended = stored.changed.filter(\.status.isTerminal).map { row(of: $0) }
        if case .submitted = event.body, step.isRecorded { liveCount += 1 }
        liveCount -= ended.count
        for row in ended { launches[row.record.id] = nil }
        return Outcome(stored: stored, isRecorded: step.isRecorded, ended: ended)
    }

    /// What the history should say of a job.
    func row(of record: JobRecord) -> JobRow {
        let gate = launches[record.id]
        return JobRow(record: record, launched: gate != nil, hasGate: gate ?? false)
    }

    /// What a restart would be told after the event of that number, which was the last one taken.
    func restored(_ db: Database, at seq: Int64) throws -> RestoredHistory {
        let live = try state.liveJobs().reversed().compactMap { record in
            try state.submission(of: record.id).map { try LiveJobSeed(db, row(of: record), $0, upTo: seq) }
        }
        return RestoredHistory(settings: state.settings, nextNumber: state.nextNumber, tenants: tenants, live: live)
    }
}
