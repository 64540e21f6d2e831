import Foundation
import GRDB

/// Every event of the platform and every job it ever had, in one SQLite file.
///
/// One process writes; any number may read beside it. Only `prune` removes anything, and a file that cannot be used is left
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

    private init(_ path: String, _ pool: DatabasePool) {
        self.path = path
        self.pool = pool
    }

    /// Opens the history at `path`, or creates it (0600) in a folder that exists, and brings it up to date.
    ///
    /// Before the first write it is read without changing a byte: whole where it is small, else as far as a restart and
    /// the next events need it. One that is damaged there is refused, and left as it is.
    ///
    /// - Returns: The history, and what a restart needs of it.
    /// - Throws: `newer`, `corrupt`, `foreign`, `unwritable`, `full` or `busy`.
    public static func open(
        path: String, durability: Durability = .normal
    ) throws(HistoryError) -> (history: JobHistory, restored: RestoredHistory) {
        try translating(path) {
            let found = try inspect(path) { try restorable($0, path) }
            try keepPrivate(path)
            let pool = try DatabasePool(path: path, configuration: configuration())
            try Schema.migrator.migrate(pool)
            try pool.writeWithoutTransaction { db in
                // GRDB sets NORMAL on each new connection after any hook of ours: set last, or it is lost.
                try db.execute(sql: durability == .full ? "PRAGMA synchronous = FULL" : "PRAGMA synchronous = NORMAL")
            }
            let history = JobHistory(path, pool)
            return (history, try found ?? history.live())
        }
    }

    /// The same for whoever needs the history alone.
    public convenience init(path: String, durability: Durability = .normal) throws(HistoryError) {
        self.init(path, try Self.open(path: path, durability: durability).history.pool)
    }

    /// Opens a history to read only, also beside a server that writes it. `append` then throws `unwritable`.
    public static func openReadOnly(path: String) throws(HistoryError) -> JobHistory {
        try translating(path) {
            guard FileManager.default.fileExists(atPath: path) else {
                throw HistoryError.unwritable(path: path, detail: "there is no such file")
            }
            _ = try inspect(path) { _ in nil as Never? }
            var configuration = configuration()
            configuration.readonly = true
            let pool = try DatabasePool(path: path, configuration: configuration)
            try pool.read { try refuseOutdated($0, path) }
            return JobHistory(path, pool)
        }
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
