import GRDB
import Simulation

/// What a comparison of the event log with its projections found.
public struct Verification: Sendable, Hashable {
    /// So many differences are told; the rest are only counted.
    public static let toldDifferencesMax = 1_000

    public var events = 0
    public var jobs = 0
    /// One line each: the job or event, the field, what the log says and what the table says.
    public var differences: [String] = []
    public var differenceCount = 0

    public var holds: Bool { differenceCount == 0 }

    mutating func differs(_ line: String) {
        differenceCount += 1
        if differences.count < Self.toldDifferencesMax { differences.append(line) }
    }
}

extension JobHistory {
    /// Replays the whole log through the reducer, from its base on where it was pruned, and compares each job's last record
    /// with its row, and each tenant's account. Memory is bounded by the live jobs and the tenants, not by the history's length.
    public func verify() throws(HistoryError) -> Verification {
        try translating(path) {
            try pool.read { db in
                do {
                    return try VerificationRun(db).run()
                } catch let unreadable as UnreadableValue {
                    var found = Verification()
                    found.differs(unreadable.description)
                    return found
                }
            }
        }
    }
}

/// One verification under way.
private final class VerificationRun {
    private let db: Database
    private let base: Int64
    private var replay: Replay
    private var found = Verification()

    init(_ db: Database) throws {
        self.db = db
        base = try Base.fetch(db)?.seq ?? 0
        replay = try Replay(db)
    }

    func run() throws -> Verification {
        var lastSeq = base
        let rows = try Row.fetchCursor(
            db, sql: "SELECT \(StoredEvent.columns) FROM events WHERE seq > ? ORDER BY seq", arguments: [base])
        while let row = try rows.next() {
            let seq: Int64 = row[0]
            if seq != lastSeq + 1 { found.differs("events \(lastSeq + 1) to \(seq - 1) are missing from the log") }
            lastSeq = seq
            found.events += 1
            do {
                try take(StoredEvent(row: row))
            } catch let unreadable as UnreadableValue {
                found.differs(unreadable.description)
            }
        }
        for record in replay.state.liveJobs().reversed() { try compare(replay.row(of: record)) }
        try compareTenants()
        try findUnloggedJobs()
        return found
    }

    private func take(_ stored: StoredEvent) throws {
        let outcome = replay.take(stored.event)
        if !outcome.isRecorded {
            found.differs("event \(stored.seq) (\(stored.kind.rawValue)) changes nothing in the log's order")
        }
        let job = outcome.stored.job
        if job != stored.job {
            found.differs("event \(stored.seq), job: the log's order says \(show(job)), the event says \(show(stored.job))")
        }
        for row in outcome.ended { try compare(row) }
    }

    private func compare(_ log: JobRow) throws {
        found.jobs += 1
        let id = log.record.id
        let statement = try db.cachedStatement(sql: "SELECT \(JobRow.columns) FROM jobs WHERE id = ?")
        do {
            guard let table = try JobRow.fetchOne(statement, arguments: [id]) else {
                return found.differs("\(id): is in the log, not in the table of jobs")
            }
            for line in log.differences(from: table) { found.differs(line) }
        } catch let unreadable as UnreadableValue {
            found.differs("\(id): \(unreadable)")
        }
    }

    private func compareTenants() throws {
        let tables = try TenantRow.fetchAll(db, from: .current)
        for tenant in Set(tables.keys).union(replay.tenants.keys).sorted() {
            let log = replay.tenants[tenant] ?? TenantRow()
            for line in log.differences(from: tables[tenant] ?? TenantRow(), tenant) { found.differs(line) }
        }
    }

    private func findUnloggedJobs() throws {
        let ids = try String.fetchCursor(
            db,
            sql: """
                SELECT id FROM jobs WHERE NOT EXISTS (
                    SELECT 1 FROM events WHERE events.job = jobs.id AND events.kind = 'submitted'
                ) ORDER BY number
                """)
        while let id = try ids.next() { found.differs("\(id): is in the table of jobs, not in the log") }
    }
}

extension JobRow {
    /// One line for each field in which the log, which is self, and the table are not the same.
    fileprivate func differences(from table: JobRow) -> [String] {
        zip(fields, table.fields).compactMap { log, table in
            if log.value == table.value { return nil }
            return "\(record.id), \(log.name): the log says \(log.value), the table says \(table.value)"
        }
    }

    private var fields: [(name: String, value: String)] {
        [
            ("number", "\(record.number)"), ("tenant", record.tenant), ("name", record.name),
            ("status", record.status.rawValue), ("created_at", show(record.createdAt.microseconds)),
            ("started_at", show(record.startedAt?.microseconds)), ("finished_at", show(record.finishedAt?.microseconds)),
            ("cancel_requested_at", show(record.cancelRequestedAt?.microseconds)), ("exit_code", show(record.exitCode)),
            ("signal", show(record.signal)), ("error_code", show(record.error?.code)),
            ("error_message", show(record.error?.message)),
            ("resources", JSONWriter.object { $0.fields(record.resources) }),
            ("labels", JSONWriter.object { $0.fields(record.labels) }), ("node", show(record.node)),
            ("idempotency_key", show(record.idempotencyKey)),
            ("usage", show(record.usage.map { usage in JSONWriter.object { $0.fields(Exit(usage: usage)) } })),
            ("cause", show(record.cause?.rawValue)), ("gpu_hours", show(record.charge?.gpuHours)),
            ("cost", show(record.charge?.cost)), ("attempt", "\(record.attempt)"),
            ("launched", "\(launched)"), ("has_gate", "\(hasGate)"),
        ]
    }
}

extension TenantRow {
    /// One line for each field in which the log, which is self, and the table are not the same.
    fileprivate func differences(from table: TenantRow, _ tenant: String) -> [String] {
        zip(fields, table.fields).compactMap { log, table in
            if log.value == table.value { return nil }
            return "tenant \(tenant), \(log.name): the log says \(log.value), the table says \(table.value)"
        }
    }

    private var fields: [(name: String, value: String)] {
        [
            ("submissions", "\(submissions)"), ("succeeded", "\(account.succeeded)"), ("failed", "\(account.failed)"),
            ("cancelled", "\(account.cancelled)"), ("wall_seconds", "\(account.wallSeconds)"),
            ("cpu_seconds", "\(account.cpuSeconds)"), ("read_bytes", "\(account.readBytes)"),
            ("written_bytes", "\(account.writtenBytes)"), ("gpu_hours", "\(account.gpuHours)"), ("cost", "\(account.cost)"),
            ("quota", show(quotaText)),
        ]
    }
}

private func show(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "null" }
