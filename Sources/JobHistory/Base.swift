import GRDB
import Simulation

/// Where a pruned log begins: the row of the table `base`. With `base_jobs` and `base_tenants` it says what the log's first
/// event goes on from.
struct Base: Sendable, Equatable {
    /// The sequence number of the last event that is not replayed. It is kept, so that the numbers go on from it, and so
    /// are the earlier events of the jobs in `base_jobs`.
    var seq: Int64
    var nextNumber: Int64
    var settings: Settings

    /// Nil where nothing was ever pruned.
    static func fetch(_ db: Database) throws -> Base? {
        guard let row = try Row.fetchOne(db, sql: "SELECT seq, next_number, settings FROM base") else { return nil }
        return Base(
            seq: row[0], nextNumber: row[1], settings: try decodeJSON(Settings.self, row[2], "the settings of the log's base"))
    }

    /// Makes `replay`, which has taken every event up to `seq`, what the log goes on from.
    static func write(_ replay: Replay, at seq: Int64, _ db: Database) throws {
        try db.execute(sql: "DELETE FROM base; DELETE FROM base_jobs; DELETE FROM base_tenants")
        try db.execute(
            sql: "INSERT INTO base (id, seq, next_number, settings) VALUES (1, ?, ?, ?)",
            arguments: [seq, replay.state.nextNumber, JSONWriter.object { $0.fields(replay.state.settings) }])
        let insert = try db.makeStatement(sql: JobRow.insertSQL(into: Tables.base.jobs))
        for record in replay.state.liveJobs().reversed() {
            insert.setUncheckedArguments(StatementArguments(replay.row(of: record).inserted))
            try insert.execute()
        }
        for (tenant, row) in replay.tenants.sorted(by: { $0.key < $1.key }) { try row.write(db, tenant, into: .base) }
    }
}
