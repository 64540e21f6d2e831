import ArgumentParser
import Harness

/// What the platform runs jobs on: `serve` and `run` take the same.
struct NodeOptions: ParsableArguments {
    // What stands behind an option is its value, also one that begins with a minus: so the error can say what is wrong with it.
    @Option(parsing: .unconditional, help: "How many nodes there are.") var nodes = 1
    @Option(parsing: .unconditional, help: "How many jobs may run at once on each node; as many as processors when left out.") var slots: Int?
    @Option(name: .customLong("node-cpus"), parsing: .unconditional, help: "The CPUs of each node, for jobs that ask for some; not counted when left out.")
    var nodeCPUs: Double?
    @Option(name: .customLong("node-memory-gb"), parsing: .unconditional, help: "The memory of each node in GB; not counted when left out.")
    var nodeMemoryGB: Double?
    @Option(name: .customLong("node-gpus"), parsing: .unconditional, help: "The simulated GPUs of each node; not counted when left out.")
    var nodeGPUs: Int?

    func set(_ options: inout Serving.Options) {
        options.nodes = nodes
        if let slots { options.slots = slots }
        options.nodeCPUs = nodeCPUs
        options.nodeMemoryGB = nodeMemoryGB
        options.nodeGPUs = nodeGPUs
    }
}
