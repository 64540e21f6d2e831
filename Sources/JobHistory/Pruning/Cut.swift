import GRDB
import Simulation

/// The place where a log is to be cut.
struct Cut {
    /// The sequence number of the last event before it.
    var seq: Int64
    /// The replay up to there.
    var replay: Replay

    /// The last place at which every event before it happened before `moment`, and from which a restored state goes on
    /// exactly as the replayed one does. Nil where there is none behind the base.
    ///
    /// What a restart keeps is not all of a state: holds, for one, end with it. So each place is tried: the restored state
    /// and the replayed one must be equal, or become equal by the start of the platform that comes next. Only the last
    /// places are tried one by one; before them as many as cost no more than the replay itself.
    ///
    /// - Parameter progress: Told how many events of how many were replayed.
    static func last(_ db: Database, before moment: Timestamp, _ progress: (Int, Int) -> Void) throws -> Cut? {
        let base = try Base.fetch(db)?.seq ?? 0
        guard let end = try lastSeq(db, base, before: moment), end > base else { return nil }
        var replay = try Replay(db)
        var best: Cut?
        var position = base
        var lastTried = base
        let rows = try Row.fetchCursor(
            db, sql: "SELECT \(StoredEvent.columns) FROM events WHERE seq > ? ORDER BY seq LIMIT ?",
            // One more than is taken: whether the place before it will do may depend on it.
            arguments: [base, end - base + 1])
        func attempt(before next: Event?) throws {
            let live = Int64(replay.liveCount)
            let distance = position > end - placesTriedMax ? live / placesTriedMax : max(live, placesTriedMax)
            guard position > base, next?.startsPlatform == true || position - lastTried > distance else { return }
            lastTried = position
            if try replay.canGoOn(db, at: position, with: next) { best = Cut(seq: position, replay: replay) }
        }
        while let row = try rows.next() {
            let stored = try StoredEvent(row: row)
            try attempt(before: stored.event)
            if stored.seq > end { return best }
            _ = replay.take(stored.event)
            position = stored.seq
            if position % 10_000 == 0 { progress(Int(position - base), Int(end - base)) }
        }
        try attempt(before: nil)
        return best
    }

    /// The last event before the first that happened at `moment` or later; nil where there are no events.
    private static func lastSeq(_ db: Database, _ base: Int64, before moment: Timestamp) throws -> Int64? {
        let later = try Int64.fetchOne(
            db, sql: "SELECT seq FROM events WHERE seq > ? AND at >= ? ORDER BY seq LIMIT 1", arguments: [base, moment.microseconds])
        return try later.map { $0 - 1 } ?? Int64.fetchOne(db, sql: "SELECT MAX(seq) FROM events")
    }
}

/// Before the end of what may go.
private let placesTriedMax: Int64 = 256

extension Replay {
    /// Whether what a restart would be told here is enough to go on as from the whole log.
    ///
    /// - Parameter next: The event that comes next; the end of the log, and so a start of the platform, when nil.
    fileprivate func canGoOn(_ db: Database, at seq: Int64, with next: Event?) throws -> Bool {
        var restored = try self.restored(db, at: seq).state
        if restored == state { return true }
        let event = next ?? Event(at: Timestamp(microseconds: 0), .platformStarted(state.settings))
        guard event.startsPlatform else { return false }
        var replayed = state
        return restored.reduce(event) == replayed.reduce(event) && restored == replayed
    }
}

extension Event {
    fileprivate var startsPlatform: Bool {
        if case .platformStarted = body { true } else { false }
    }
}
