import GRDB
import Simulation

extension JobHistory {
    /// The job, live or ended; nil where it is not there or belongs to another tenant. Any tenant's when that is nil.
    public func job(id: String, tenant: String? = nil) async throws(HistoryError) -> JobRecord? {
        try await read { db in
            let statement = try db.cachedStatement(sql: "SELECT \(JobRow.columns) FROM jobs WHERE id = ?")
            let record = try JobRow.fetchOne(statement, arguments: [id])?.record
            return tenant == nil || record?.tenant == tenant ? record : nil
        }
    }

    /// A page of jobs, newest first. The next page starts before the number of this one's last.
    ///
    /// - Parameters:
    ///   - tenant: Whose jobs; every tenant's when nil.
    ///   - number: Only jobs with a lower number; from the newest when nil.
    ///   - limit: At most so many, 1 or more.
    public func jobs(
        tenant: String? = nil, status: JobStatus? = nil, name: String? = nil, before number: Int64? = nil, limit: Int
    ) async throws(HistoryError) -> [JobRecord] {
        var conditions: [String] = []
        var arguments = StatementArguments()
        func require(_ condition: String, _ value: (some DatabaseValueConvertible)?) {
            guard let value else { return }
            conditions.append(condition)
            arguments += [value]
        }
        require("tenant = ?", tenant)
        require("status = ?", status?.rawValue)
        require("name = ?", name)
        require("number < ?", number)
        let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
        let sql = "SELECT \(JobRow.columns) FROM jobs \(filter) ORDER BY number DESC LIMIT ?"
        let bound = arguments + [max(0, limit)]
        return try await read { db in
            let statement = try db.cachedStatement(sql: sql)
            return try JobRow.fetchAll(statement, arguments: bound).map(\.record)
        }
    }

    /// The job that this tenant submitted under this key, with what it submitted.
    public func jobByIdempotencyKey(
        tenant: String, key: String
    ) async throws(HistoryError) -> (JobRecord, Submission)? {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(JobRow.columns) FROM jobs WHERE tenant = ? AND idempotency_key = ?")
            guard let record = try JobRow.fetchOne(statement, arguments: [tenant, key])?.record,
                let submission = try storedSubmission(db, of: record.id)
            else { return nil }
            return (record, submission)
        }
    }

    /// What the job was submitted with.
    public func submission(ofJob id: String) async throws(HistoryError) -> Submission? {
        try await read { try storedSubmission($0, of: id) }
    }

    /// Every tenant's jobs whose code contains `text`, oldest first. Reads the whole log.
    public func jobs(codeContaining text: String) async throws(HistoryError) -> [JobRecord] {
        try await read { db in
            let rows = try JobRow.fetchAll(
                db,
                sql: """
                    SELECT \(JobRow.columns) FROM jobs WHERE id IN (
                        SELECT job FROM events
                        WHERE kind = 'submitted' AND instr(json_extract(payload, '$.submission.code'), ?) > 0
                    ) ORDER BY number
                    """, arguments: [text])
            return rows.map(\.record)
        }
    }
}
