import Testing

@testable import Simulation

/// Random histories. Every one comes from its seed alone.
@Suite struct PropertyTests {
    @Test("any history keeps its books, launches a job once an attempt and in order, replays, and gets stuck nowhere", arguments: 1...60)
    func anyHistory(seed: Int) {
        var history = RandomHistory(seed: UInt64(seed))
        for _ in 0..<300 { history.step() }

        var replayed = State()
        for event in history.recorded { _ = replayed.reduce(event) }
        #expect(replayed == history.state)

        history.drain()
        #expect(history.state.runningCount == 0, "a slot leaked")
        #expect(history.state.queuedCount == 0, "a job is stuck")
        #expect(history.state.liveJobs().isEmpty)
        #expect(history.state.nodes.allSatisfy { $0.allocated == Allocation() })
        #expect(history.state.goneNodes.isEmpty)
    }

    @Test("a state that was restored from a history equals the replayed one, wherever that is cut", arguments: 1...30)
    func restoring(seed: Int) {
        var history = RandomHistory(seed: UInt64(1_000 + seed))
        for count in 0..<300 {
            history.step()
            guard count % 5 == 0 else { continue }
            var replayed = history.state
            var restored = history.restored()
            #expect(restored.reduce(history.restart) == replayed.reduce(history.restart))
            #expect(restored == replayed)
        }
    }

    @Test("random histories reach every status, cause, refusal and kind of hold")
    func coverage() {
        var statuses: Set<JobStatus> = []
        var points: Set<HoldPoint> = []
        var causes: Set<ExitCause> = []
        var refusals: Set<String> = []
        var retried = 0
        var gone = 0
        for seed in 1...30 {
            var history = RandomHistory(seed: UInt64(seed))
            for _ in 0..<300 {
                history.step()
                points.formUnion(history.state.caughtHolds.map(\.point))
                gone += history.state.goneNodes.count
            }
            statuses.formUnion(history.ended.values.map(\.status))
            causes.formUnion(history.causes)
            refusals.formUnion(history.refusals)
            retried += history.retried
        }
        #expect(statuses == [.succeeded, .failed, .cancelled])
        #expect(points == Set(HoldPoint.allCases))
        #expect(causes == Set(ExitCause.allCases))
        #expect(refusals.isSuperset(of: ["invalid", "quota_exceeded", "unavailable"]))
        #expect(retried > 0 && gone > 0)
    }
}
