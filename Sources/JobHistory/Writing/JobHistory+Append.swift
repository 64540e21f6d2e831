import GRDB
import Simulation

extension JobHistory {
    /// Stores a batch in one transaction: all of it or, when this throws, nothing. Blocks until the commit, so it
    /// belongs on a thread of its own.
    ///
    /// - Returns: The sequence number of the last event stored, 0 for an empty batch.
    /// - Throws: `full`, `unwritable`, `busy`, `corrupt` or `failed`.
    @discardableResult
    public func append(_ batch: [StoredStep]) throws(HistoryError) -> Int64 {
        guard !batch.isEmpty else { return 0 }
        return try translating(path) {
            try pool.write { db in
                let writer = try BatchWriter(db, path: path)
                for step in batch { try writer.write(step) }
                try writer.writeTenants(batch)
                return db.lastInsertedEventSeq
            }
        }
    }
}

extension Database {
    /// `tenants` has no row ids and `jobs` is written before its event, so the last row id is the event's.
    fileprivate var lastInsertedEventSeq: Int64 { lastInsertedRowID }
}

private let insertJobSQL = JobRow.insertSQL(into: Tables.current.jobs)

/// Writes one transaction, with statements that stay prepared from one to the next.
private struct BatchWriter {
    private let path: String
    private let insertEvent: Statement
    private let insertJob: Statement
    private let updateJob: Statement
    private let launchJob: Statement
    private let requeueJob: Statement
    private let db: Database

    init(_ db: Database, path: String) throws {
        self.db = db
        self.path = path
        insertEvent = try db.cachedStatement(sql: "INSERT INTO events (at, job, kind, payload) VALUES (?, ?, ?, ?)")
        insertJob = try db.cachedStatement(sql: insertJobSQL)
        updateJob = try db.cachedStatement(sql: JobRow.updateSQL)
        launchJob = try db.cachedStatement(sql: JobRow.launchSQL)
        requeueJob = try db.cachedStatement(sql: JobRow.requeueSQL)
    }

    func write(_ step: StoredStep) throws {
        let isSubmission = if case .submitted = step.event.body { true } else { false }
        for record in step.changed {
            let launch = step.launched.first { $0.job == record.id }
            if isSubmission && record.id == step.job {
                try run(insertJob, JobRow(record: record, launched: launch != nil, hasGate: launch?.gated ?? false).inserted)
            } else {
                try update(record, launch, isRequeued: record.id == step.requeued)
            }
        }
        let payload = Payload(step.event.body)
        try run(insertEvent, [step.event.at.microseconds, step.job, payload.kind.rawValue, payload.json])
    }

    /// One reading and one writing of a tenant's row for a batch, however much it changes.
    func writeTenants(_ batch: [StoredStep]) throws {
        var rows: [String: TenantRow] = [:]
        for step in batch {
            try step.changeTenants { tenant, change in
                var row = try rows.removeValue(forKey: tenant) ?? TenantRow.fetch(db, tenant)
                change(&row)
                rows[tenant] = row
            }
        }
        for (tenant, row) in rows.sorted(by: { $0.key < $1.key }) { try row.write(db, tenant, into: .current) }
    }

    private func update(_ record: JobRecord, _ launch: StoredStep.Launched?, isRequeued: Bool) throws {
        if let launch {
            try run(launchJob, JobRow.launched(record, gated: launch.gated))
        } else if isRequeued {
            try run(requeueJob, JobRow.updated(record))
        } else {
            try run(updateJob, JobRow.updated(record))
        }
        guard db.changesCount == 1 else {
            throw HistoryError.corrupt(path: path, detail: "\(record.id) is live and has no row in the table of jobs")
        }
    }

    private func run(_ statement: Statement, _ arguments: [(any DatabaseValueConvertible)?]) throws {
        statement.setUncheckedArguments(StatementArguments(arguments))
        try statement.execute()
    }
}
