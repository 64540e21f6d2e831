import Testing

@testable import Simulation

/// Jobs that are given to the node before their slot is free.
@Suite struct AheadTests {
    /// One slot, and more than eight jobs that wait for it.
    private static func crowded() -> Bench {
        var bench = Bench(slots: 1)
        for _ in 0..<22 { bench.submit() }
        return bench
    }

    @Test("a few waiting jobs wait here: nothing is launched before its slot is free")
    func few() {
        var bench = Bench(slots: 1)
        for _ in 0..<9 { bench.submit() }
        #expect(bench.state.launchedJobs.count == 1)
        #expect(bench.state.queuedCount == 8)
    }

    @Test("of a crowd, twelve more for each slot are at the node; they count as waiting and stay pending")
    func crowd() {
        let bench = Self.crowded()
        #expect(bench.state.launchedJobs.count == 13)
        #expect(bench.state.runningCount == 1)
        #expect(bench.state.queuedCount == 21)
        #expect(bench.state.launchedJobs.allSatisfy { $0.record.status == .pending })
    }

    @Test("beside a hold nothing is launched ahead")
    func hold() {
        var bench = Bench(slots: 1)
        _ = bench.feed(.holdArmed(hold: "h", tenant: "bob", .running))
        for _ in 0..<14 { bench.submit() }
        #expect(bench.state.launchedJobs.count == 1)
    }

    @Test("among several nodes nothing is launched ahead: a free slot anywhere is for the first in the queue")
    func severalNodes() throws {
        var bench = Bench(Settings(nodes: 2, slots: 1))
        let ids = (0..<60).map { _ in bench.submit() }
        #expect(bench.state.launchedJobs.map(\.id) == Array(ids.prefix(2)))
        _ = bench.exit(ids[1])
        #expect(bench.state.launchedJobs.map(\.id) == [ids[0], ids[2]])
    }

    @Test("one that waits at the node and is cancelled there ends as cancelled, and was never started")
    func cancelled() throws {
        var bench = Self.crowded()
        let second = try #require(bench.state.launchedJobs.last?.id)
        #expect(bench.feed(.cancelRequested(job: second)).effects.contains(.terminate(job: second, node: State.node)))
        let ended = try #require(bench.feed(.launchFailed(job: second, message: "dropped")).changed.first)
        #expect(ended.status == .cancelled)
        #expect(ended.startedAt == nil)
    }

    @Test("one that waits at the node when the platform stops stays pending, and is launched by the next start")
    func stopping() throws {
        var bench = Self.crowded()
        let second = try #require(bench.state.launchedJobs.last?.id)
        _ = bench.feed(.platformStopping)
        #expect(bench.feed(.launchFailed(job: second, message: "dropped")).isRecorded == false)
        #expect(bench.feed(.nodeLost(job: second)).isRecorded == false)
        #expect(bench.status(second) == .pending)
        #expect(bench.state.launchedJobs.contains { $0.id == second })
    }
}
