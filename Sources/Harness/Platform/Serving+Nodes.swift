import Simulation

extension Serving.Options {
    /// More processes than this are no use on one machine.
    private static let nodesMax = 64
    private static let slotsMax = 65_536
    private static let gpusMax = 65_536
    private static let cpusMax = 1e6
    private static let memoryGBMax = 1e9

    /// - Throws: ``UsageError`` for what no platform can have.
    func checkNodes() throws(UsageError) {
        guard (1...Self.nodesMax).contains(nodes) else { throw UsageError("--nodes is \(nodes); it must be 1 to \(Self.nodesMax)") }
        guard (1...Self.slotsMax).contains(slots) else { throw UsageError("--slots is \(slots); it must be 1 to \(Self.slotsMax)") }
        for (name, amount, max) in [("--node-cpus", nodeCPUs, Self.cpusMax), ("--node-memory-gb", nodeMemoryGB, Self.memoryGBMax)] {
            guard let amount, !(amount > 0 && amount <= max) else { continue }
            throw UsageError("\(name) is \(amount); it must be more than 0, and \(Int(max)) at most")
        }
        if let nodeGPUs, !(0...Self.gpusMax).contains(nodeGPUs) {
            throw UsageError("--node-gpus is \(nodeGPUs); it must be 0 to \(Self.gpusMax)")
        }
    }

    var settings: Settings {
        Settings(
            seed: seed, nodes: nodes, slots: slots, capacity: Capacity(cpus: nodeCPUs, memoryGB: nodeMemoryGB, gpus: nodeGPUs),
            quota: quota)
    }
}
