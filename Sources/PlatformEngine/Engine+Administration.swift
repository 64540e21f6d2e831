import JobHistory
import Simulation

/// How things stand with a node.
public struct NodeInformation: Sendable, Hashable {
    public var name: String
    public var pid: Int32?
    public var isConnected: Bool
    public var slots: Int
    public var running: Int
}

// What an administrator sees.
extension Engine {
    public func nodes() -> [NodeInformation] {
        let live = board.live
        return [
            NodeInformation(
                name: State.node, pid: lane.client?.pid, isConnected: lane.client != nil, slots: live.settings.slots,
                running: live.runningCount)
        ]
    }

    /// How many jobs wait for a slot.
    public nonisolated var queuedCount: Int { board.live.queuedCount }

    /// The events of the history behind number `after`, oldest first.
    public nonisolated func events(after: Int64, limit: Int) async throws(PlatformError) -> [StoredEvent] {
        try await reading { history throws(HistoryError) in try await history.events(after: after, limit: limit) }
    }
}

extension Engine {
    /// The platform's time.
    public nonisolated func now() -> Timestamp { clock.now() }
}
