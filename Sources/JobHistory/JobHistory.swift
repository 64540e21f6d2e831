import Foundation
import GRDB

/// Every event of the platform and every job it ever had, in one SQLite file.
///
/// One process writes; any number may read beside it. Nothing is ever deleted, and a file that cannot be used is left
/// as it is.
public final class JobHistory: Sendable {
    /// What a commit survives.
    public enum Durability: String, Sendable, Hashable, CaseIterable {
        /// The end of the process; a power cut may lose the last commits.
        case normal
        /// A power cut too, as far as the disk keeps its word.
        case full
    }

    /// The database file.
    public let path: String
    let pool: DatabasePool

    /// Opens the history at `path`, or creates it in a folder that exists, and brings it up to date.
    ///
    /// - Throws: `newer`, `corrupt`, `foreign`, `unwritable`, `full` or `busy`.
    public init(path: String, durability: Durability = .normal) throws(HistoryError) {
        self.path = path
        pool = try translating(path) {
            try inspect(path)
            let pool = try DatabasePool(path: path, configuration: configuration())
            try Schema.migrator.migrate(pool)
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL on each new connection after any hook of ours: set last, or it is lost.
                try db.execute(sql: durability == .full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
            }
            return pool
        }
    }

    private init(reading path: String) throws(HistoryError) {
        self.path = path
        pool = try translating(path) {
            guard FileManager.default.fileExists(atPath: path) else {
                throw HistoryError.unwritable(path: path, detail: "there is no such file")
            }
            try inspect(path)
            var configuration = configuration()
            configuration.readonly = true
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { try refuseOutdated($0, path) }
            return pool
        }
    }

    /// Opens a history to read only, also beside a server that writes it. `append` then throws `unwritable`.
    public static func openReadOnly(path: String) throws(HistoryError) -> JobHistory {
        try JobHistory(reading: path)
    }

    /// Closes the file, after what runs, and leaves everything in that one file. Every later call fails.
    public func close() throws(HistoryError) {
        try translating(path) {
            // The last connection to close folds the WAL into the file, which a reader cannot do, and GRDB closes the
            // writer first (its issue 739).
            pool.invalidateReadOnlyConnections()
            try pool.close()
        }
    }

    /// Runs a query on a reader of the pool.
    func read<T: Sendable>(_ query: @escaping @Sendable (Database) throws -> T) async throws(HistoryError) -> T {
        do {
            return try await pool.read(query)
        } catch {
            throw HistoryError(error, path: path)
        }
    }
}

private func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.label = "history"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    return configuration
}

/// Looks at an existing file without changing a byte of it: opening it for writing would already turn WAL on.
private func inspect(_ path: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    defer { try? file.close() }
    guard let header = try file.read(upToCount: 16), !header.isEmpty else { return }
    // SQLite takes a file of a few bytes for an empty database, and would overwrite it.
    guard header == Data("SQLite format 3\0".utf8) else {
        throw HistoryError.corrupt(path: path, detail: "file is not a database")
    }
    var configuration = configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    try queue.read { try refuseUnusable($0, path) }
}

private func refuseUnusable(_ db: Database, _ path: String) throws {
    let tables = try Int.fetchOne(db, sql: "SELECT COUNT(*) FROM sqlite_master") ?? 0
    // A start that crashed before its first migration leaves an empty database.
    guard tables > 0 else { return }
    guard try Int32.fetchOne(db, sql: "PRAGMA application_id") == Schema.applicationID else {
        throw HistoryError.foreign(path: path)
    }
    if try Schema.migrator.hasBeenSuperseded(db) { throw HistoryError.newer(path: path) }
}

private func refuseOutdated(_ db: Database, _ path: String) throws {
    guard try Schema.migrator.hasCompletedMigrations(db) else { throw HistoryError.older(path: path) }
}
