import JobHistory
import Simulation
import Testing

/// Histories that nobody thought of, pruned at moments that nobody chose.
@Suite struct PruneAnywhereTests {
    @Test("whatever happened and whenever it is pruned, the log verifies and a restart is told the same", arguments: 1...12)
    func anywhere(seed: Int) async throws {
        var random = Random(state: UInt64(seed))
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database), slots: 2)
        let history = platform.history
        var pruned = 0
        for round in 1...6 {
            for _ in 0..<40 { try platform.feed(random.event(platform)) }
            let before = try history.live()
            let seconds = Int64(40 * round) - Int64(random.next(60))
            let result = try history.prune(endedBefore: Timestamp(microseconds: max(0, seconds) * 1_000_000))
            pruned += result.jobs
            #expect(try history.verify().differences == [], "round \(round)")
            #expect(try history.live() == before, "round \(round)")
            for seed in before.live { #expect(try await history.events(ofJob: seed.record.id).first?.kind == .submitted) }
        }
        #expect(pruned > 0)
    }
}

private struct Random {
    var state: UInt64

    /// 0 ..< bound.
    mutating func next(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int(state >> 33) % bound
    }

    mutating func event(_ platform: Platform) -> Event.Body {
        let jobs = platform.state.liveJobs().map(\.id)
        let job = jobs.isEmpty ? "job-none" : jobs[next(jobs.count)]
        let tenant = ["ada", "bob"][next(2)]
        switch next(20) {
        case 0..<6: return .submitted(tenant: tenant, submission())
        case 6..<9: return .processStarted(job: job)
        case 9..<14: return .processExited(job: job, Exit(code: Int32(next(2)), usage: fullUsage))
        case 14: return .cancelRequested(job: job)
        case 15: return next(2) == 0 ? .timerFired(.cancelGrace(job: job)) : .timerFired(.timeLimit(job: job))
        case 16: return .nodeLost(job: job)
        case 17:
            if let hold = platform.state.armedHolds.first ?? platform.state.caughtHolds.first { return .holdReleased(hold: hold.id) }
            return .holdArmed(hold: "h\(next(1_000))", tenant: tenant, HoldPoint.allCases[next(3)])
        case 18: return next(3) == 0 ? .platformStarted(Settings(seed: 5, slots: 2)) : .launchFailed(job: job, message: "no")
        default: return .quotaSet(tenant: tenant, next(2) == 0 ? nil : Quota(runningJobs: 50))
        }
    }

    private mutating func submission() -> Submission {
        Submission(
            code: "1", resources: Resources(gpuEnabled: true, gpuCount: 1, maxRuntimeHours: next(2) == 0 ? 1 : nil),
            retries: next(3), rate: next(2) == 0 ? Rate(hourlyCost: 0.1) : nil)
    }
}
