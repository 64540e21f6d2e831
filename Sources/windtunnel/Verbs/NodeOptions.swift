import ArgumentParser
import Harness

/// What the platform runs jobs on: `serve` and `run` take the same.
struct NodeOptions: ParsableArguments {
    @Option(help: "How many nodes there are.") var nodes = 1
    @Option(help: "How many jobs may run at once on each node; as many as processors when left out.") var slots: Int?
    @Option(name: .customLong("node-cpus"), help: "The CPUs of each node, for jobs that ask for some; not counted when left out.")
    var nodeCPUs: Double?
    @Option(name: .customLong("node-memory-gb"), help: "The memory of each node in GB; not counted when left out.") var nodeMemoryGB: Double?
    @Option(name: .customLong("node-gpus"), help: "The simulated GPUs of each node; not counted when left out.") var nodeGPUs: Int?

    func set(_ options: inout Serving.Options) {
        options.nodes = nodes
        if let slots { options.slots = slots }
        options.nodeCPUs = nodeCPUs
        options.nodeMemoryGB = nodeMemoryGB
        options.nodeGPUs = nodeGPUs
    }
}
