import GRDB
import Simulation

extension JobHistory {
    /// A page of every tenant's jobs, oldest first. The next page starts after the number of this one's last.
    ///
    /// - Parameters:
    ///   - created: Only jobs that were submitted then.
    ///   - number: Only jobs with a higher number; 0 for the first page.
    ///   - limit: At most so many, 1 or more.
    public func oldestJobs(
        status: JobStatus? = nil, created: Range<Timestamp>? = nil, after number: Int64, limit: Int
    ) async throws(HistoryError) -> [JobRecord] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(JobRow.columns) FROM jobs
                    WHERE number > ?1 AND (?2 IS NULL OR status = ?2) AND created_at >= ?3 AND created_at < ?4
                    ORDER BY number LIMIT ?5
                    """)
            return try JobRow.fetchAll(
                statement,
                arguments: [
                    number, status?.rawValue, created?.lowerBound.microseconds ?? .min, created?.upperBound.microseconds ?? .max,
                    max(0, limit),
                ]
            ).map(\.record)
        }
    }

    /// A page of the log, as far as its events happened in `moments`, in its order.
    public func events(
        in moments: Range<Timestamp>, after seq: Int64, limit: Int
    ) async throws(HistoryError) -> [StoredEvent] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: """
                    SELECT \(StoredEvent.columns) FROM events WHERE seq > ? AND at >= ? AND at < ? ORDER BY seq LIMIT ?
                    """)
            return try StoredEvent.fetchAll(
                statement,
                arguments: [seq, moments.lowerBound.microseconds, moments.upperBound.microseconds, max(0, limit)])
        }
    }

    /// How many events the log holds.
    public func eventCount() async throws(HistoryError) -> Int {
        try await read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM events") ?? 0 }
    }
}
