import GRDB
import Simulation

/// What was pruned, or would be.
public struct Pruned: Sendable, Hashable {
    /// Jobs that are gone.
    public var jobs = 0
    /// Events that are gone.
    public var events = 0
    /// Jobs that ended before the moment too, and stay: the log can only be cut before their ends.
    public var kept = 0
    /// By how much the database file shrank.
    public var databaseBytes: Int64 = 0
}

extension JobHistory {
    /// Removes the jobs that ended before `moment`, with their events. Accounts, numbers, ids and idempotency of the jobs
    /// that stay are as before, and `verify` goes on from there. Nobody else may write meanwhile.
    ///
    /// The log is cut at one place; what comes before is replaced by the state there, in one transaction. Events of the
    /// jobs that had not ended by then are kept. A job whose end happened before `moment` and was told after it stays.
    ///
    /// - Parameters:
    ///   - isRehearsal: Nothing is changed; the result says what would be.
    ///   - onJob: Called with the id of each job that goes, before anything has.
    ///   - progress: Told how many events of how many were replayed.
    /// - Throws: Also what `onJob` throws, as `failed`.
    public func prune(
        endedBefore moment: Timestamp, isRehearsal: Bool = false, onJob: (String) throws -> Void = { _ in },
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(HistoryError) -> Pruned {
        try translating(path) {
            var pruned = Pruned()
            try pool.writeWithoutTransaction { db in
                try db.inTransaction(.immediate) {
                    do {
                        if let cut = try Cut.last(db, before: moment, progress) { pruned = try cut.apply(db, onJob) }
                    } catch let unreadable as UnreadableValue {
                        throw HistoryError.corrupt(path: path, detail: unreadable.description)
                    }
                    pruned.kept = try endedJobs(db, before: moment)
                    return isRehearsal || pruned.jobs == 0 ? .rollback : .commit
                }
            }
            if !isRehearsal { pruned.databaseBytes = try shrink() }
            return pruned
        }
    }

    /// Those of the ids that no job has.
    public func unknown(of ids: [String]) throws(HistoryError) -> [String] {
        try translating(path) {
            try pool.read { db in
                let statement = try db.cachedStatement(sql: "SELECT 1 FROM jobs WHERE id = ?")
                return try ids.filter { try Int.fetchOne(statement, arguments: [$0]) == nil }
            }
        }
    }

    /// Gives the room of what was removed back to the file system. Also what an earlier prune could not.
    private func shrink() throws -> Int64 {
        try pool.writeWithoutTransaction { db in
            guard try Int.fetchOne(db, sql: "PRAGMA freelist_count") ?? 0 > 0 else { return 0 }
            let before = try Int64(databaseBytes(db))
            try db.execute(sql: "VACUUM")
            return before - (try Int64(databaseBytes(db)))
        }
    }
}

extension Cut {
    /// Makes the cut, within a transaction.
    fileprivate func apply(_ db: Database, _ onJob: (String) throws -> Void) throws -> Pruned {
        var pruned = Pruned()
        // A job of the log before the cut has ended by then, or is in the base.
        try Base.write(replay, at: seq, db)
        let gone = "number < ? AND number NOT IN (SELECT number FROM base_jobs)"
        let ids = try String.fetchCursor(
            db, sql: "SELECT id FROM jobs WHERE \(gone) ORDER BY number", arguments: [replay.state.nextNumber])
        while let id = try ids.next() { try onJob(id) }
        try db.execute(sql: "DELETE FROM jobs WHERE \(gone)", arguments: [replay.state.nextNumber])
        pruned.jobs = db.changesCount
        try db.execute(
            sql: "DELETE FROM events WHERE seq < ? AND (job IS NULL OR job NOT IN (SELECT id FROM base_jobs))", arguments: [seq])
        pruned.events = db.changesCount
        return pruned
    }
}

/// So many jobs ended before the moment.
private func endedJobs(_ db: Database, before moment: Timestamp) throws -> Int {
    try Int.fetchOne(
        db, sql: "SELECT COUNT(*) FROM jobs WHERE finished_at < ?", arguments: [moment.microseconds]) ?? 0
}
