import JobHistory
import Simulation

/// How things stand with a node.
public struct NodeInformation: Sendable, Hashable {
    public var name: String
    public var condition: NodeCondition
    public var pid: Int32?
    public var isConnected: Bool
    public var slots: Int
    /// Jobs that occupy a slot of it.
    public var running: Int
    /// Jobs that it was given and that wait there for a slot.
    public var queued: Int
    /// What the jobs that it was given have asked for together.
    public var allocated: Allocation
    /// What it has; nil where that is not counted.
    public var capacity: Capacity
}

// What an administrator sees.
extension Engine {
    /// In the order of their numbers.
    public func nodeInformation() -> [NodeInformation] { nodes.map { information($0) } }

    func information(_ node: EngineNode) -> NodeInformation {
        let live = board.live
        let books = live.nodes.first { $0.name == node.name }
        let running = books?.runningCount ?? 0
        return NodeInformation(
            name: node.name, condition: node.condition, pid: node.lane.client?.pid, isConnected: node.lane.client != nil,
            slots: live.settings.slots, running: running, queued: (books?.launchedCount ?? 0) - running,
            allocated: books?.allocated ?? Allocation(), capacity: live.settings.capacity)
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
