import GRDB

/// Why a history could not be opened, written or read. The description is one line that names the file, what is wrong
/// and what would be right.
public enum HistoryError: Error, Sendable, Hashable, CustomStringConvertible {
    /// A newer version of the program wrote it.
    case newer(path: String)
    /// An older version wrote it, and a read-only reader may not bring it up to date.
    case older(path: String)
    /// Damaged, or not a database at all.
    case corrupt(path: String, detail: String)
    /// A database, of another program.
    case foreign(path: String)
    case unwritable(path: String, detail: String)
    /// The disk, or the room that the database may take, is full.
    case full(path: String)
    /// Another process keeps it locked.
    case busy(path: String)
    /// The task that asked was cancelled.
    case interrupted
    case failed(path: String, detail: String)

    public var description: String {
        switch self {
        case .newer(let path):
            "\(path) was written by a newer version of windtunnel; use that version, or another state folder"
        case .older(let path):
            "\(path) was written by an older version of windtunnel; serve its state folder once to bring it up to date"
        case .corrupt(let path, let detail):
            "\(path) is damaged or not a database (\(detail)); it was left as it is: restore a copy, or use another state folder"
        case .foreign(let path):
            "\(path) is the database of another program; it was left as it is: use another state folder"
        case .unwritable(let path, let detail):
            "cannot open \(path) (\(detail)); its folder must exist and both must be writable"
        case .full(let path):
            "no room left to write \(path); free some disk space, what was stored is kept"
        case .busy(let path):
            "\(path) is locked by another process; end that process, or use another state folder"
        case .interrupted:
            "reading the history was interrupted"
        case .failed(let path, let detail):
            "\(path): \(detail)"
        }
    }

    init(_ error: any Error, path: String) {
        switch error {
        case let error as HistoryError: self = error
        case let error as DatabaseError: self.init(error, path: path)
        case is CancellationError: self = .interrupted
        default: self = .failed(path: path, detail: "\(error)")
        }
    }

    private init(_ error: DatabaseError, path: String) {
        let detail = error.message ?? error.resultCode.description
        switch error.resultCode {
        case .SQLITE_FULL: self = .full(path: path)
        case .SQLITE_CORRUPT, .SQLITE_NOTADB: self = .corrupt(path: path, detail: detail)
        case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM: self = .unwritable(path: path, detail: detail)
        case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
        case .SQLITE_INTERRUPT, .SQLITE_ABORT: self = .interrupted
        // The shared memory file of the WAL could not grow.
        case .SQLITE_IOERR where error.extendedResultCode == .SQLITE_IOERR_SHMSIZE: self = .full(path: path)
        default: self = .failed(path: path, detail: detail)
        }
    }
}

/// Runs `body`, and makes every error one of the history's.
func translating<T>(_ path: String, _ body: () throws -> T) throws(HistoryError) -> T {
    do {
        return try body()
    } catch {
        throw HistoryError(error, path: path)
    }
}
