import Simulation
import Synchronization

/// The stored state for everyone to read without waiting: live jobs, and those that ended lately.
///
/// It changes only after a commit, so that what was seen here is never taken back.
final class JobBoard: Sendable {
    /// How many ended jobs it remembers; older ones are read from the history.
    static let endedLimit = 4096

    fileprivate struct Content {
        var live = State()
        var ended: [String: JobRecord] = [:]
        /// The ended ones in a ring, oldest at `next` once it is full.
        var ring: [String] = []
        var next = 0
    }

    private let content = Mutex(Content())

    /// The state as stored.
    var live: State { content.withLock { $0.live } }

    /// A job that is live or ended lately.
    func job(_ id: String) -> JobRecord? {
        content.withLock { $0.live.job(id) ?? $0.ended[id] }
    }

    func show(_ live: State, changed: [JobRecord]) {
        content.withLock { content in
            content.live = live
            for record in changed where record.status.isTerminal { content.remember(record) }
        }
    }
}

extension JobBoard.Content {
    fileprivate mutating func remember(_ record: JobRecord) {
        guard ended.updateValue(record, forKey: record.id) == nil else { return }
        if ring.count < JobBoard.endedLimit {
            ring.append(record.id)
            return
        }
        ended[ring[next]] = nil
        ring[next] = record.id
        next = (next + 1) % ring.count
    }
}
