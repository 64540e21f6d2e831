import Foundation
import GRDB

// What is looked at before a history is opened: nothing here changes a byte of it.

func configuration() -> Configuration {
    var configuration = Configuration()
    configuration.label = "history"
    configuration.busyMode = .timeout(5)
    configuration.maximumReaderCount = 4
    return configuration
}

/// Refuses an existing file that cannot be used, and runs `body` on one that can; nil where there is none, or an empty one.
///
/// A connection that may write would already turn WAL on, so this one may only read.
func inspect<T>(_ path: String, _ body: (Database) throws -> T?) throws -> T? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    guard status.st_mode & S_IFMT == S_IFREG else {
        let kind = status.st_mode & S_IFMT == S_IFDIR ? "it is a folder" : "it is not a file"
        throw HistoryError.unwritable(path: path, detail: kind)
    }
    guard status.st_size > 0 else { return nil }
    // SQLite takes a file of a few bytes for an empty database, and would overwrite it.
    guard try beginsAsDatabase(path) else { throw HistoryError.corrupt(path: path, detail: "file is not a database") }
    var configuration = configuration()
    configuration.readonly = true
    let queue = try DatabaseQueue(path: path, configuration: configuration)
    defer { try? queue.close() }
    return try queue.read { db in
        try refuseUnusable(db, path)
        return try body(db)
    }
}

/// What a restart needs, of a history that is not damaged there; nil where the tables are still to be made.
///
/// A history of up to `wholeCheckBytesMax` is checked page by page. To do that with a longer one would keep a server from
/// starting for seconds; of that one the schema is read, all that a restart needs, and the newest rows, beside which the
/// next ones are written. `history verify` reads everything.
func restorable(_ db: Database, _ path: String) throws -> RestoredHistory? {
    guard try Schema.migrator.hasCompletedMigrations(db) else { return nil }
    do {
        if try databaseBytes(db) <= wholeCheckBytesMax {
            try checkPages(db, path)
        } else {
            try readNewest(db)
        }
        return try RestoredHistory(db)
    } catch let unreadable as UnreadableValue {
        throw HistoryError.corrupt(path: path, detail: unreadable.description)
    }
}

func refuseOutdated(_ db: Database, _ path: String) throws {
    guard try Schema.migrator.hasCompletedMigrations(db) else { throw HistoryError.older(path: path) }
}

/// Creates the file for its owner only; SQLite gives its companions the same mode. One that cannot be created is left to
/// SQLite, which says why.
func keepPrivate(_ path: String) throws {
    let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    if descriptor >= 0 {
        close(descriptor)
    } else if errno == EEXIST {
        chmod(path, 0o600)
    }
}

private let wholeCheckBytesMax = 32 * 1024 * 1024
private let newestRows = 100

private func beginsAsDatabase(_ path: String) throws -> Bool {
    guard let file = FileHandle(forReadingAtPath: path) else {
        throw HistoryError.unwritable(path: path, detail: String(cString: strerror(errno)))
    }
    defer { try? file.close() }
    return try file.read(upToCount: 16) == Data("SQLite format 3\0".utf8)
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

func databaseBytes(_ db: Database) throws -> Int {
    let pages = try Int.fetchOne(db, sql: "PRAGMA page_count") ?? 0
    return pages * (try Int.fetchOne(db, sql: "PRAGMA page_size") ?? 0)
}

private func checkPages(_ db: Database, _ path: String) throws {
    let found = try String.fetchOne(db, sql: "PRAGMA quick_check(1)") ?? "it cannot be checked"
    // SQLite's findings may have several lines.
    let line = found.split(separator: "\n").last.map { String($0) } ?? found
    guard line == "ok" else { throw HistoryError.corrupt(path: path, detail: line) }
}

private func readNewest(_ db: Database) throws {
    _ = try StoredEvent.fetchAll(
        db, sql: "SELECT \(StoredEvent.columns) FROM events ORDER BY seq DESC LIMIT ?", arguments: [newestRows])
    _ = try JobRow.fetchAll(
        db, sql: "SELECT \(JobRow.columns) FROM jobs ORDER BY number DESC LIMIT ?", arguments: [newestRows])
}
