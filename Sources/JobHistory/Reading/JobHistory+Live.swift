import GRDB
import Simulation

/// What a restart needs to know of a history.
public struct RestoredHistory: Sendable, Hashable {
    /// Of the last run; nil for a history without any.
    public var settings: Settings?
    /// The number that the next job gets.
    public var nextNumber: Int64
    public var submissionsByTenant: [String: Int64]
    /// The jobs that have not ended, oldest first.
    public var live: [LiveJobSeed]

    /// The state to go on from: feed it `platformStarted` next.
    public var state: State {
        State(
            restoring: settings ?? Settings(), nextNumber: nextNumber, submissionsByTenant: submissionsByTenant, live: live)
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
    init(_ db: Database) throws {
        self.init(
            settings: try lastSettings(db),
            nextNumber: 1 + (try Int64.fetchOne(db, sql: "SELECT MAX(number) FROM jobs") ?? 0),
            submissionsByTenant: try submissionCounts(db),
            live: try liveSeeds(db))
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

func submissionCounts(_ db: Database) throws -> [String: Int64] {
    let rows = try Row.fetchAll(db, sql: "SELECT tenant, submissions FROM tenants")
    return Dictionary(uniqueKeysWithValues: rows.map { ($0[0], $0[1]) })
}

private func liveSeeds(_ db: Database) throws -> [LiveJobSeed] {
    let rows = try JobRow.fetchAll(
        db, sql: "SELECT \(JobRow.columns) FROM jobs WHERE finished_at IS NULL ORDER BY number")
    return try rows.map { row in
        guard let submission = try storedSubmission(db, of: row.record.id) else {
            throw UnreadableValue("the submission of a live job", row.record.id)
        }
        return LiveJobSeed(
            record: row.record, submission: submission, launched: row.launched, hasGate: row.hasGate,
            exit: row.launched ? try keptBackExit(db, of: row.record.id) : nil,
            attemptStartedAt: row.record.attempt > 1 ? try startOfLastAttempt(db, of: row.record.id) : nil,
            isOverTime: submission.resources.maxRuntimeHours != nil ? try wasOverTime(db, row.record.id) : false)
    }
}

/// The end of a job that a hold at `settling` kept back: stored as an event, not yet told in the job's row.
private func keptBackExit(_ db: Database, of job: String) throws -> SeenExit? {
    let statement = try db.cachedStatement(
        sql: "SELECT \(StoredEvent.columns) FROM events WHERE job = ? AND kind = 'processExited' ORDER BY seq LIMIT 1")
    guard let stored = try StoredEvent.fetchOne(statement, arguments: [job]),
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
