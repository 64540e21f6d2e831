import Simulation
import Testing

@Suite struct NodeTests {
    @Test("a node that is not up takes no jobs, and takes them again when it is", arguments: [
        NodeCondition.draining, .paused, .down,
    ])
    func conditions(condition: NodeCondition) {
        var bench = Bench(slots: 2)
        let running = bench.run()
        #expect(bench.feed(.nodeChanged(node: "node-1", condition)).isRecorded)
        #expect(bench.state.nodes.map(\.condition) == [condition])
        #expect(bench.status(running) == .running, "the shell says what becomes of its jobs")
        let waiting = bench.submit()
        #expect(bench.state.queuedCount == 1)
        #expect(bench.feed(.nodeChanged(node: "node-1", .up)).launches == [waiting: false])
    }

    @Test("an unknown node, and a condition that it has already, change nothing")
    func ignored() {
        var bench = Bench()
        #expect(!bench.feed(.nodeChanged(node: "node-2", .down)).isRecorded)
        #expect(!bench.feed(.nodeChanged(node: "node-1", .up)).isRecorded)
    }

    @Test("jobs go to the other node while one drains; a restart has every node up")
    func otherNode() {
        var bench = Bench(Settings(nodes: 2, slots: 1))
        bench.feed(.nodeChanged(node: "node-1", .draining))
        let first = bench.submit { _ in }
        #expect(first.places == [first.job: "node-2"])
        let second = bench.submit { _ in }
        #expect(second.places.isEmpty)
        #expect(bench.feed(.platformStarted(Settings(nodes: 2, slots: 1))).places == [second.job: "node-1"])
    }

    @Test("a job whose node is lost fails, when it may not be run again")
    func lost() throws {
        var bench = Bench()
        let id = bench.run()
        let record = try #require(bench.feed(.nodeLost(job: id)).changed.first)
        #expect(record.status == .failed)
        #expect(record.cause == .nodeLost)
        #expect(record.error?.code == "node_lost")
    }

    @Test("a job that asked for it is run again elsewhere, as often as it asked and no more, and never goes back")
    func retried() throws {
        var bench = Bench(Settings(nodes: 2, slots: 1))
        let id = bench.run { $0.retries = 1 }
        let started = bench.state.job(id)?.startedAt
        bench.feed(.nodeChanged(node: "node-1", .down))
        let step = bench.feed(.nodeLost(job: id))
        #expect(step.places == [id: "node-2"])
        #expect(step.changed.map(\.id) == [id])
        let again = try #require(step.changed.first)
        #expect(again.status == .running && again.startedAt == started && again.attempt == 2 && again.node == "node-2")
        let restart = bench.feed(.processStarted(job: id))
        #expect(restart.isRecorded && restart.changed.isEmpty && restart.effects.isEmpty)
        #expect(!bench.feed(.processStarted(job: id)).isRecorded)
        #expect(bench.feed(.nodeLost(job: id)).changed.map(\.cause) == [.nodeLost])
        #expect(bench.state.liveCount(of: "ada") == 0)
    }

    @Test("one that nothing has room for waits at its old place, is stored as waiting, and can be cancelled there")
    func waitsAgain() throws {
        var bench = Bench(slots: 1)
        let id = bench.run { $0.retries = 3 }
        let later = bench.submit()
        bench.feed(.nodeChanged(node: "node-1", .down))
        let step = bench.feed(.nodeLost(job: id))
        #expect(step.effects.isEmpty)
        let record = try #require(step.changed.first)
        #expect(record.status == .running && record.node == nil && record.attempt == 2)
        #expect(bench.feed(.nodeChanged(node: "node-1", .up)).launches == [id: false])
        bench.feed(.nodeChanged(node: "node-1", .down))
        bench.feed(.nodeLost(job: id))
        #expect(bench.cancel(id).changed.map(\.status) == [.cancelled])
        #expect(bench.feed(.nodeChanged(node: "node-1", .up)).launches == [later: false])
    }

    @Test("a second attempt that cannot be started fails")
    func secondLaunchFails() {
        var bench = Bench()
        let id = bench.run { $0.retries = 1 }
        bench.feed(.nodeLost(job: id))
        #expect(bench.feed(.launchFailed(job: id, message: "no")).changed.map(\.cause) == [.launchFailed])
    }

    @Test("a job that was to be cancelled, or of a platform that stops, is not run again")
    func notRetried() {
        var bench = Bench()
        let cancelled = bench.run { $0.retries = 1 }
        bench.cancel(cancelled)
        #expect(bench.feed(.nodeLost(job: cancelled)).changed.map(\.cause) == [.cancelled])
        let stopped = bench.run { $0.retries = 1 }
        bench.feed(.platformStopping)
        #expect(bench.feed(.nodeLost(job: stopped)).changed.map(\.cause) == [.platformStopped])
    }

    @Test("the holds of a job that is run again are over")
    func holds() {
        var bench = Bench()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .running))
        let id = bench.run { $0.retries = 1 }
        #expect(bench.feed(.nodeLost(job: id)).launches == [id: false])
        #expect(bench.state.hold("h") == nil)
    }

    @Test("after a restart with fewer nodes, jobs of one that is gone stay on it until they are told lost")
    func goneNode() {
        var bench = Bench(Settings(nodes: 2, slots: 1))
        let first = bench.run()
        let second = bench.run()
        bench.feed(.platformStarted(Settings(nodes: 1, slots: 1)))
        #expect(bench.state.nodes.map(\.launchedCount) == [1])
        #expect(bench.state.goneNodes.map(\.name) == ["node-2"])
        #expect(bench.state.launchedJobs(on: "node-2").map(\.id) == [second])
        #expect(!bench.feed(.nodeChanged(node: "node-2", .up)).isRecorded)
        #expect(bench.feed(.nodeLost(job: second)).changed.map(\.cause) == [.nodeLost])
        #expect(bench.state.goneNodes.isEmpty)
        #expect(bench.status(first) == .running)
    }
}
