import Dispatch
import Foundation
import JobHistory
import Synchronization

/// The one thread that writes the history. A commit takes whatever queued during the last one: no timer, no window.
///
/// After a commit that failed it drops everything, until `resume()`: what was queued behind stands on what was not stored.
final class CommitWriter: Sendable {
    enum Outcome: Sendable {
        /// Everything up to this ticket is stored.
        case committed(ticket: Int64)
        case failed(HistoryError)
    }

    private struct Queue {
        var steps: [(ticket: Int64, step: StoredStep)] = []
        var storedTicket: Int64 = 0
        var isBroken = false
        var isClosed = false
    }

    private let queue = Mutex(Queue())
    private let wake = DispatchSemaphore(value: 0)
    private let append: @Sendable ([StoredStep]) throws(HistoryError) -> Void
    private let finish: @Sendable () -> Void
    private let outcomes: AsyncStream<Outcome>.Continuation

    /// - Parameter finish: called on the thread when everything is written and nothing more will come.
    init(
        outcomes: AsyncStream<Outcome>.Continuation, append: @escaping @Sendable ([StoredStep]) throws(HistoryError) -> Void,
        finish: @escaping @Sendable () -> Void = {}
    ) {
        self.finish = finish
        self.append = append
        self.outcomes = outcomes
        let thread = Thread { [self] in run() }
        thread.name = "history"
        thread.start()
    }

    /// The highest ticket that is stored.
    var storedTicket: Int64 { queue.withLock { $0.storedTicket } }

    func enqueue(_ step: StoredStep, ticket: Int64) {
        let mustWake = queue.withLock { queue in
            guard !queue.isBroken else { return false }
            queue.steps.append((ticket, step))
            return queue.steps.count == 1
        }
        if mustWake { wake.signal() }
    }

    /// Writes again, after a commit that failed.
    func resume() {
        queue.withLock { $0.isBroken = false }
    }

    /// Ends the thread, after what is queued.
    func close() {
        queue.withLock { $0.isClosed = true }
        wake.signal()
    }

    private func run() {
        while true {
            wake.wait()
            let (batch, isClosed) = queue.withLock { queue in
                defer { queue.steps = [] }
                return (queue.steps, queue.isClosed)
            }
            if let last = batch.last { commit(batch.map(\.step), upTo: last.ticket) }
            if isClosed { break }
        }
        finish()
        outcomes.finish()
    }

    private func commit(_ steps: [StoredStep], upTo ticket: Int64) {
        do {
            try append(steps)
            queue.withLock { $0.storedTicket = ticket }
            outcomes.yield(.committed(ticket: ticket))
        } catch {
            queue.withLock { queue in
                queue.isBroken = true
                queue.steps = []
            }
            outcomes.yield(.failed(error))
        }
    }
}
