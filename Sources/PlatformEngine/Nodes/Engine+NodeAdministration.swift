import JobExecution
import Simulation

// What an administrator may do with a node. Each answers once it is stored, and gives how things stand then.
extension Engine {
    /// Kills a node: its jobs are lost with it, and it is started again by itself.
    ///
    /// - Throws: `notFound`; `conflict` for a node that is down already.
    public func killNode(_ name: String) async throws(PlatformError) -> NodeInformation {
        let (node, client) = try living(name)
        try await change(node, to: .down)
        // A paused one too: nothing can stand in the way of this signal.
        client.kill()
        return information(node)
    }

    /// Stops a node and all its jobs' processes where they are. It takes no jobs until it is resumed.
    ///
    /// What its jobs are told meanwhile, such as a cancellation, reaches them when it is resumed. A job that is to end by then ends when it
    /// is killed, too. A pause does not outlive this engine.
    /// - Throws: `notFound`; `conflict` for a node that is down or paused.
    public func pauseNode(_ name: String) async throws(PlatformError) -> NodeInformation {
        let (node, client) = try living(name)
        guard node.condition != .paused else { throw PlatformError(.conflict, "\(name) is paused already") }
        try await change(node, to: .paused)
        // It may have been lost, or resumed, before this was stored.
        guard node.lane.client === client else { throw PlatformError(.conflict, "\(name) was lost before it could be paused") }
        if node.condition == .paused { client.pause() }
        return information(node)
    }

    /// Lets a paused node and its jobs go on, and one that was drained take jobs again.
    ///
    /// - Throws: `notFound`; `conflict` for one that is up or down.
    public func resumeNode(_ name: String) async throws(PlatformError) -> NodeInformation {
        let (node, _) = try living(name)
        guard node.condition != .up else { throw PlatformError(.conflict, "\(name) is up: there is nothing to resume") }
        node.isDrained = false
        if node.condition == .paused { wake(node) }
        try await change(node, to: .up)
        return information(node)
    }

    /// Has a node finish the jobs that it has, and take no more. It stays so when its process is lost, until it is resumed.
    ///
    /// - Throws: `notFound`; `conflict` for one that is not up.
    public func drainNode(_ name: String) async throws(PlatformError) -> NodeInformation {
        let (node, _) = try living(name)
        switch node.condition {
        case .draining: throw PlatformError(.conflict, "\(name) is draining already")
        case .paused: throw PlatformError(.conflict, "\(name) is paused, and finishes nothing: resume it first")
        case .up, .down: break
        }
        try await change(node, to: .draining)
        node.isDrained = true
        return information(node)
    }

    /// Has a drained node take jobs again.
    ///
    /// - Throws: `notFound`; `conflict` for one that is not draining.
    public func undrainNode(_ name: String) async throws(PlatformError) -> NodeInformation {
        let (node, _) = try living(name)
        guard node.condition == .draining else { throw PlatformError(.conflict, "\(name) is \(node.condition.rawValue), not draining") }
        return try await resumeNode(name)
    }

    /// Continues what a pause has stopped, and gives it the whole time to answer.
    func wake(_ node: EngineNode) {
        node.silence.looks = 0
        node.lane.client?.resume()
    }

    private func living(_ name: String) throws(PlatformError) -> (EngineNode, NodeClient) {
        guard let node = node(name) else {
            throw PlatformError(.notFound, "there is no node \"\(name.prefix(80))\"; there are \(nodes.map(\.name).joined(separator: ", "))")
        }
        guard let client = node.lane.client, node.condition != .down else {
            throw PlatformError(.conflict, "\(name) is down: it is being started again")
        }
        return (node, client)
    }

    /// At once here, so that whoever comes meanwhile meets it; it was never so when it could not be stored.
    private func change(_ node: EngineNode, to condition: NodeCondition) async throws(PlatformError) {
        let before = node.condition
        node.condition = condition
        do {
            _ = try await ask(.nodeChanged(node: node.name, condition))
        } catch {
            if node.condition == condition { node.condition = before }
            throw error
        }
    }
}
