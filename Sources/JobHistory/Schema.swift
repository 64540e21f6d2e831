import GRDB

/// The tables. A migration that has shipped is never edited: a change is a new one.
enum Schema {
    /// "WTun" in ASCII: marks the file as ours.
    static let applicationID: Int32 = 0x5754_756e

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1") { try $0.execute(sql: version1) }
        migrator.registerMigration("2") { db in
            try db.execute(sql: version2)
            try fillVersion2(db)
        }
        return migrator
    }()

    /// `events` is the truth, append-only; `jobs` and `tenants` are what it comes to, kept in the same transaction.
    /// Moments are microseconds since 1970.
    private static let version1 = """
        PRAGMA application_id = \(applicationID);

        CREATE TABLE events (
            seq INTEGER PRIMARY KEY,
            at INTEGER NOT NULL,
            job TEXT,
            kind TEXT NOT NULL,
            payload TEXT NOT NULL
        ) STRICT;
        CREATE INDEX events_by_job ON events (job) WHERE job IS NOT NULL;
        CREATE INDEX platform_starts ON events (seq) WHERE kind = 'platformStarted';
        CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
            BEGIN SELECT RAISE (ABORT, 'the event log is append-only'); END;
        CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
            BEGIN SELECT RAISE (ABORT, 'the event log is append-only'); END;

        CREATE TABLE jobs (
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
            has_gate INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX jobs_by_tenant ON jobs (tenant, number);
        CREATE INDEX jobs_by_status ON jobs (tenant, status, number);
        CREATE INDEX jobs_by_name ON jobs (tenant, name, number);
        CREATE UNIQUE INDEX jobs_by_key ON jobs (tenant, idempotency_key) WHERE idempotency_key IS NOT NULL;
        CREATE INDEX live_jobs ON jobs (number) WHERE finished_at IS NULL;

        CREATE TABLE tenants (
            tenant TEXT PRIMARY KEY,
            submissions INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """
}
