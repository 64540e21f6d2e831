import GRDB
import Simulation

extension JobHistory {
    /// The job's events, in order.
    public func events(ofJob id: String) async throws(HistoryError) -> [StoredEvent] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(StoredEvent.columns) FROM events WHERE job = ? ORDER BY seq")
            return try StoredEvent.fetchAll(statement, arguments: [id])
        }
    }

    /// The log after `seq`, at most `limit` events of it; from its start after 0.
    public func events(after seq: Int64, limit: Int) async throws(HistoryError) -> [StoredEvent] {
        try await read { db in
            let statement = try db.cachedStatement(
                sql: "SELECT \(StoredEvent.columns) FROM events WHERE seq > ? ORDER BY seq LIMIT ?")
            return try StoredEvent.fetchAll(statement, arguments: [seq, max(0, limit)])
        }
    }
}
