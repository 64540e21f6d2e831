import Simulation
import Testing

@Suite struct PlacementTests {
    private static func bench(nodes: Int = 2, slots: Int = 2, _ capacity: Capacity = Capacity()) -> Bench {
        Bench(Settings(nodes: nodes, slots: slots, capacity: capacity))
    }

    @Test("a job goes to the first node with a free slot")
    func firstFit() {
        var bench = Self.bench()
        let steps = (0..<5).map { _ in bench.submit { _ in } }
        #expect(steps.map { $0.places[$0.job] } == ["node-1", "node-1", "node-2", "node-2", nil])
        #expect(bench.state.nodes.map(\.runningCount) == [2, 2])
        #expect(bench.exit(steps[2].job).places == [steps[4].job: "node-2"])
        #expect(bench.state.job(steps[4].job)?.node == "node-2")
    }

    @Test("a job takes the CPUs, memory and GPUs that it asks for, and gives them back")
    func resources() {
        var bench = Self.bench(slots: 9, Capacity(cpus: 4, memoryGB: 1, gpus: 2))
        let wide = bench.submit { $0.resources.cpuCount = 3 }
        let second = bench.submit { $0.resources.cpuCount = 2 }
        let memory = bench.submit { $0.resources.memoryGB = 0.7 }
        let gpus = bench.submit { $0.resources.gpuCount = 2 }
        let more = bench.submit { $0.resources.gpuCount = 1 }
        #expect([wide, second, memory, gpus, more].map { $0.places[$0.job] } == ["node-1", "node-2", "node-1", "node-1", "node-2"])
        let node = bench.state.nodes[0]
        #expect([node.allocated.cpus, node.allocated.memoryGB, Double(node.allocated.gpus)] == [3, 0.7, 2])
        for step in [wide, memory, gpus] { bench.exit(step.job) }
        #expect(bench.state.nodes[0].allocated == Allocation())
    }

    @Test("amounts that come and go leave nothing behind")
    func exact() {
        var bench = Self.bench(nodes: 1, slots: 9, Capacity(cpus: 0.3))
        let ids = [0.1, 0.2].map { cpus in bench.submit { $0.resources.cpuCount = cpus }.job }
        bench.exit(ids[0])
        bench.exit(ids[1])
        #expect(bench.submit { $0.resources.cpuCount = 0.3 }.launches.count == 1)
    }

    @Test("a wide job at the head keeps back narrow ones behind it, and so gets its turn")
    func wideJob() {
        var bench = Self.bench(nodes: 1, slots: 4, Capacity(cpus: 4))
        let first = bench.submit { $0.resources.cpuCount = 2 }.job
        let second = bench.submit { $0.resources.cpuCount = 1 }.job
        let wide = bench.submit { $0.resources.cpuCount = 4 }.job
        let narrow = bench.submit { $0.resources.cpuCount = 1 }
        #expect(narrow.launches.isEmpty)
        #expect(bench.exit(first).launches.isEmpty)
        #expect(bench.exit(second).launches == [wide: false])
        #expect(bench.exit(wide).launches == [narrow.job: false])
    }

    @Test("a job that fits on no node is refused, with the resource, what it asked for and the most there is")
    func misfit() {
        var bench = Self.bench(Capacity(cpus: 4, memoryGB: 0.5, gpus: 1))
        let before = bench.state
        #expect(
            bench.submit { $0.resources.cpuCount = 4.5 }.refusal
                == "invalid: resources.cpu_count: the job asks for 4.5 CPUs, and a node has 4 at most")
        #expect(
            bench.submit { $0.resources.memoryGB = 2 }.refusal
                == "invalid: resources.memory_gb: the job asks for 2 GB, and a node has 0.5 GB at most")
        #expect(
            bench.submit { $0.resources.gpuCount = 2 }.refusal
                == "invalid: resources.gpu_count: the job asks for 2 GPUs, and a node has 1 at most")
        #expect(bench.state == before)
        var uncounted = Self.bench()
        #expect(uncounted.submit { $0.resources.memoryGB = 1e300 }.launches.count == 1)
    }

    @Test("where resources are counted, no job waits at a node, however many there are")
    func noCrowd() {
        var bench = Self.bench(nodes: 1, slots: 1, Capacity(cpus: 4))
        for _ in 0..<30 { bench.submit() }
        #expect(bench.state.launchedJobs.count == 1)
    }

    @Test("a queued job that nodes can no longer hold after a restart fails, and blocks nobody")
    func shrunkCapacity() {
        var bench = Self.bench(nodes: 1, slots: 1, Capacity(cpus: 4))
        let running = bench.run()
        let wide = bench.submit { $0.resources.cpuCount = 4 }.job
        let narrow = bench.submit { $0.resources.cpuCount = 1 }.job
        let step = bench.feed(.platformStarted(Settings(slots: 1, capacity: Capacity(cpus: 2))))
        #expect(step.changed.map(\.id) == [wide])
        #expect(step.changed.first?.error?.message.hasPrefix("resources.cpu_count: the job asks for 4 CPUs") == true)
        #expect(bench.exit(running).launches == [narrow: false])
    }
}
