import GRDB

extension Schema {
    /// Causes, charges and attempts of jobs; accounts and quotas of tenants; and the base that the log goes on from once
    /// its older events were pruned. `events` may lose what lies before the base, and nothing else.
    static let version2 = """
        ALTER TABLE jobs ADD COLUMN cause TEXT;
        ALTER TABLE jobs ADD COLUMN gpu_hours REAL;
        ALTER TABLE jobs ADD COLUMN cost REAL;
        ALTER TABLE jobs ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;

        ALTER TABLE tenants ADD COLUMN succeeded INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN failed INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN cancelled INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN wall_seconds REAL NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN cpu_seconds REAL NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN read_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN written_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN gpu_hours REAL NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN cost REAL NOT NULL DEFAULT 0;
        ALTER TABLE tenants ADD COLUMN quota TEXT;

        CREATE TABLE base (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            seq INTEGER NOT NULL,
            next_number INTEGER NOT NULL,
            settings TEXT NOT NULL
        ) STRICT;
        CREATE TABLE base_jobs (
            number INTEGER PRIMARY KEY,
            id TEXT NOT NULL UNIQUE,
            tenant TEXT NOT NULL,
            name TEXT NOT NULL,
            status TEXT NOT NULL,
            created_at INTEGER NOT NULL,
            started_at INTEGER,
            finished_at INTEGER,
            cancel_requested_at INTEGER,
            exit_code INTEGER,
            signal INTEGER,
            error_code TEXT,
            error_message TEXT,
            resources TEXT NOT NULL,
            labels TEXT NOT NULL,
            node TEXT,
            idempotency_key TEXT,
            wall_seconds REAL,
            cpu_user_seconds REAL,
            cpu_system_seconds REAL,
            max_rss_bytes INTEGER,
            read_bytes INTEGER,
            written_bytes INTEGER,
            usage_source TEXT,
            usage_unknown TEXT,
            launched INTEGER NOT NULL,
            has_gate INTEGER NOT NULL,
            cause TEXT,
            gpu_hours REAL,
            cost REAL,
            attempt INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE base_tenants (
            tenant TEXT PRIMARY KEY,
            submissions INTEGER NOT NULL,
            succeeded INTEGER NOT NULL,
            failed INTEGER NOT NULL,
            cancelled INTEGER NOT NULL,
            wall_seconds REAL NOT NULL,
            cpu_seconds REAL NOT NULL,
            read_bytes INTEGER NOT NULL,
            written_bytes INTEGER NOT NULL,
            gpu_hours REAL NOT NULL,
            cost REAL NOT NULL,
            quota TEXT
        ) STRICT, WITHOUT ROWID;

        DROP TRIGGER events_are_never_deleted;
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
            WHEN OLD.seq >= (SELECT IFNULL(MAX(seq), 0) FROM base)
            BEGIN SELECT RAISE (ABORT, 'the event log is append-only'); END;
        """

    /// Fills the new columns from the log, which says it all: `history verify` does the same, so the two agree.
    ///
    /// Takes as long as a verification, once. What cannot be read is left as it is: a verification tells it.
    static func fillVersion2(_ db: Database) throws {
        let update = try db.makeStatement(
            sql: "UPDATE jobs SET cause = ?, gpu_hours = ?, cost = ?, attempt = ? WHERE id = ?")
        var replay = Replay()
        let rows = try Row.fetchCursor(db, sql: "SELECT \(StoredEvent.columns) FROM events ORDER BY seq")
        while let row = try rows.next() {
            guard let stored = try? StoredEvent(row: row) else { continue }
            for record in replay.take(stored.event).ended.map(\.record) {
                try update.execute(arguments: [
                    record.cause?.rawValue, record.charge?.gpuHours, record.charge?.cost, record.attempt, record.id,
                ])
            }
        }
        // What was counted at the time stays, even where the log says otherwise.
        for (tenant, var row) in replay.tenants.sorted(by: { $0.key < $1.key }) {
            let counted = try Int64.fetchOne(db, sql: "SELECT submissions FROM tenants WHERE tenant = ?", arguments: [tenant])
            row.submissions = counted ?? row.submissions
            try row.write(db, tenant, into: .current)
        }
    }
}
