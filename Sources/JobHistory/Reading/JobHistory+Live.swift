import GRDB
import Simulation

/// What a restart needs to know of a history.
public struct RestoredHistory: Sendable, Hashable {
    /// Of the last run; nil for a history without any.
    public var settings: Settings?
    /// The number that the next job gets.
    public var nextNumber: Int64
    /// Of the tenants that ever submitted a job.
    public var submissionsByTenant: [String: Int64]
    /// Of the tenants of whom a job has ended.
    public var accounts: [String: Account]
    /// Of the tenants that have one of their own.
    public var quotas: [String: Quota]
    /// The jobs that have not ended, oldest first.
    public var live: [LiveJobSeed]

    /// The state to go on from: feed it `platformStarted` next.
    public var state: State {
        State(
            restoring: settings ?? Settings(), nextNumber: nextNumber, submissionsByTenant: submissionsByTenant,
            accounts: accounts, quotas: quotas, live: live)
    }
}

extension JobHistory {
    /// Reads what a restart needs; its cost depends on the number of live jobs and tenants, not on the history's length.
    public func live() throws(HistoryError) -> RestoredHistory {
        try translating(path) {
            try pool.read { try RestoredHistory($0) }
        }
    }
}

extension RestoredHistory {
    init(settings: Settings?, nextNumber: Int64, tenants: [String: TenantRow], live: [LiveJobSeed]) {
        self.init(
            settings: settings, nextNumber: nextNumber,
            submissionsByTenant: tenants.mapValues(\.submissions).filter { $0.value > 0 },
            accounts: tenants.filter { $0.value.hasAccount }.mapValues(\.account), quotas: tenants.compactMapValues(\.quota),
            live: live)
    }

    /// As it is now.
    init(_ db: Database) throws {
        let base = try Base.fetch(db)
        let lastNumber = try Int64.fetchOne(db, sql: "SELECT MAX(number) FROM jobs") ?? 0
        self.init(
            settings: try lastSettings(db) ?? base?.settings, nextNumber: max(1 + lastNumber, base?.nextNumber ?? 1),
            tenants: try TenantRow.fetchAll(db, from: .current), live: try liveSeeds(db, .current, upTo: .max))
    }

    /// As it was at the base of the log.
    init(_ db: Database, _ base: Base) throws {
        self.init(
            settings: base.settings, nextNumber: base.nextNumber, tenants: try TenantRow.fetchAll(db, from: .base),
            live: try liveSeeds(db, .base, upTo: base.seq))
    }
}

private func lastSettings(_ db: Database) throws -> Settings? {
    let started = try StoredEvent.fetchOne(
        db,
        sql: """
            SELECT \(StoredEvent.columns) FROM events WHERE kind = 'platformStarted' ORDER BY seq DESC LIMIT 1
            """)
    guard case .platformStarted(let settings) = started?.event.body else { return nil }
    return settings
}

private func liveSeeds(_ db: Database, _ tables: Tables, upTo seq: Int64) throws -> [LiveJobSeed] {
    let rows = try JobRow.fetchAll(
        db, sql: "SELECT \(JobRow.columns) FROM \(tables.jobs) WHERE finished_at IS NULL ORDER BY number")
    return try rows.map { row in
        guard let submission = try storedSubmission(db, of: row.record.id) else {
            throw UnreadableValue("the submission of a live job", row.record.id)
        }
        return try LiveJobSeed(db, row, submission, upTo: seq)
    }
}

extension LiveJobSeed {
    /// A job as it was after the event of that number: beside its row, what only its events say.
    init(_ db: Database, _ row: JobRow, _ submission: Submission, upTo seq: Int64) throws {
        let id = row.record.id
        self.init(
            record: row.record, submission: submission, launched: row.launched, hasGate: row.hasGate,
            exit: row.launched ? try keptBackExit(db, of: id, upTo: seq) : nil,
            attemptStartedAt: row.record.attempt > 1 ? try startOfLastAttempt(db, of: id, upTo: seq) : nil,
            isOverTime: submission.resources.maxRuntimeHours != nil ? try wasOverTime(db, id, upTo: seq) : false)
    }
}

/// The end of a job that a hold at `settling` kept back: stored as an event, not yet told in the job's row.
private func keptBackExit(_ db: Database, of job: String, upTo seq: Int64) throws -> SeenExit? {
    let statement = try db.cachedStatement(
        sql: """
            SELECT \(StoredEvent.columns) FROM events WHERE job = ? AND kind = 'processExited' AND seq <= ? ORDER BY seq LIMIT 1
            """)
    guard let stored = try StoredEvent.fetchOne(statement, arguments: [job, seq]),
        case .processExited(_, let exit) = stored.event.body
    else { return nil }
    return SeenExit(at: stored.event.at, exit: exit)
}

func storedSubmission(_ db: Database, of job: String) throws -> Submission? {
    let statement = try db.cachedStatement(
        sql: "SELECT \(StoredEvent.columns) FROM events WHERE job = ? AND kind = 'submitted' ORDER BY seq LIMIT 1")
    guard let stored = try StoredEvent.fetchOne(statement, arguments: [job]),
        case .submitted(_, let submission) = stored.event.body
    else { return nil }
    return submission
}
