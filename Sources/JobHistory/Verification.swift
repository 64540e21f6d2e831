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
    /// Replays the whole log through the reducer and compares each job's last record with its row. Memory is bounded by
    /// the live jobs, not by the history's length.
    public func verify() throws(HistoryError) -> Verification {
        try translating(path) {
            try pool.read { db in
                let replay = Replay(db)
                return try replay.run()
            }
        }
    }
}

/// One verification under way.
private final class Replay {
    private let db: Database
    private var state = State()
    private var found = Verification()
    private var launches: [String: Bool] = [:]

    init(_ db: Database) { self.db = db }

    func run() throws -> Verification {
        var lastSeq: Int64 = 0
        let rows = try Row.fetchCursor(db, sql: "SELECT \(StoredEvent.columns) FROM events ORDER BY seq")
        while let row = try rows.next() {
            let seq: Int64 = row[0]
            if seq != lastSeq + 1 { found.differs("events \(lastSeq + 1) to \(seq - 1) are missing from the log") }
            lastSeq = seq
            found.events += 1
            do {
                try replay(StoredEvent(row: row))
            } catch let unreadable as UnreadableValue {
                found.differs(unreadable.description)
            }
        }
        for record in state.liveJobs().reversed() { try compare(record) }
        try compareTenants()
        try findUnloggedJobs()
        return found
    }

    private func replay(_ stored: StoredEvent) throws {
        let step = state.reduce(stored.event)
        if !step.isRecorded {
            found.differs("event \(stored.seq) (\(stored.kind.rawValue)) changes nothing in the log's order")
        }
        let expected = StoredStep(stored.event, step)
        if expected.job != stored.job {
            found.differs(
                "event \(stored.seq), job: the log's order says \(show(expected.job)), the event says \(show(stored.job))")
        }
        for launch in expected.launched { launches[launch.job] = launch.gated }
        for record in step.changed where record.status.isTerminal {
            try compare(record)
            launches[record.id] = nil
        }
    }

    private func compare(_ record: JobRecord) throws {
        found.jobs += 1
        let statement = try db.cachedStatement(sql: "SELECT \(JobRow.columns) FROM jobs WHERE id = ?")
        let gate = launches[record.id]
        let log = JobRow(record: record, launched: gate != nil, hasGate: gate ?? false)
        do {
            guard let table = try JobRow.fetchOne(statement, arguments: [record.id]) else {
                return found.differs("\(record.id): is in the log, not in the table of jobs")
            }
            for line in log.differences(from: table) { found.differs(line) }
        } catch let unreadable as UnreadableValue {
            found.differs("\(record.id): \(unreadable)")
        }
    }

    private func compareTenants() throws {
        for (tenant, count) in try submissionCounts(db).sorted(by: { $0.key < $1.key }) {
            let logged = state.submissionCount(tenant: tenant)
            if logged != count {
                found.differs("tenant \(tenant), submissions: the log says \(logged), the table says \(count)")
            }
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
            ("launched", "\(launched)"), ("has_gate", "\(hasGate)"),
        ]
    }
}

private func show(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "null" }
