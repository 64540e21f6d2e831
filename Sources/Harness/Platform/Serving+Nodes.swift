import Simulation

extension Serving.Options {
    /// More processes than this are no use on one machine.
    private static let nodesMax = 64

    /// - Throws: ``UsageError`` for what no platform can have.
    func checkNodes() throws(UsageError) {
        guard (1...Self.nodesMax).contains(nodes) else { throw UsageError("--nodes is \(nodes); it must be 1 to \(Self.nodesMax)") }
        guard slots >= 1 else { throw UsageError("--slots is \(slots); it must be 1 or more") }
        for (name, amount) in [("--node-cpus", nodeCPUs), ("--node-memory-gb", nodeMemoryGB)] {
            guard let amount, !(amount > 0 && amount.isFinite) else { continue }
            throw UsageError("\(name) is \(amount); it must be more than 0")
        }
        if let nodeGPUs, nodeGPUs < 0 { throw UsageError("--node-gpus is \(nodeGPUs); it must be 0 or more") }
    }

    var settings: Settings {
        Settings(
            seed: seed, nodes: nodes, slots: slots, capacity: Capacity(cpus: nodeCPUs, memoryGB: nodeMemoryGB, gpus: nodeGPUs),
            quota: quota)
    }
}
