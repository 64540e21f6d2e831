import Simulation
import Testing

@Suite struct BillingTests {
    private func exit(_ wall: Double?, cpu: Double = 0) -> Exit {
        Exit(code: 0, usage: Usage(wallSeconds: wall, cpuUserSeconds: cpu, cpuSystemSeconds: cpu))
    }

    @Test("a job costs its hours at the rate that it was submitted with, and its GPUs count by the hour")
    func charge() {
        var bench = Bench()
        let id = bench.run {
            $0.resources.gpuCount = 2
            $0.rate = Rate(hourlyCost: 4)
        }
        #expect(bench.feed(.processExited(job: id, exit(1800))).changed.first?.charge == Charge(gpuHours: 1, cost: 2))
        #expect(bench.state.account(of: "ada").cost == 2)
        #expect(bench.state.account(of: "ada").gpuHours == 1)
    }

    @Test("without a rate there is no cost, without a measure the time from start to end counts, without a start none")
    func noFigures() {
        var bench = Bench()
        let unmeasured = bench.run { $0.rate = Rate(hourlyCost: 3600) }
        #expect(bench.feed(.processExited(job: unmeasured, Exit(code: 0))).changed.first?.charge?.cost == 1)
        let unpriced = bench.run()
        #expect(bench.exit(unpriced).changed.first?.charge == Charge(gpuHours: 0, cost: nil))
        let unstarted = bench.submit { $0.rate = Rate(hourlyCost: 5) }.job
        #expect(bench.feed(.launchFailed(job: unstarted, message: "x")).changed.first?.charge?.cost == 0)
    }

    @Test("a job that ran again after its node was lost costs the time from its start to its end")
    func attempts() throws {
        var bench = Bench()
        let id = bench.run {
            $0.rate = Rate(hourlyCost: 3600)
            $0.retries = 1
        }
        _ = bench.feed(.nodeLost(job: id))
        #expect(bench.feed(.processStarted(job: id)).changed.allSatisfy { $0.charge == nil })
        let ended = try #require(bench.feed(.processExited(job: id, exit(0.001))).changed.first)
        #expect(ended.attempt == 2)
        #expect(ended.charge?.cost == ended.finishedAt.flatMap { end in ended.startedAt.map { end.seconds(since: $0) } })
        #expect(try #require(ended.charge?.cost) > 0.001)
        #expect(bench.state.account(of: "ada").cost == ended.charge?.cost)
    }

    @Test("every end has its cause")
    func causes() {
        var bench = Bench()
        let succeeded = bench.run()
        #expect(bench.exit(succeeded).changed.map(\.cause) == [.exit])
        let failed = bench.run()
        #expect(bench.exit(failed, code: 2).changed.map(\.cause) == [.exit])
        let killed = bench.run()
        #expect(bench.exit(killed, signal: 11).changed.map(\.cause) == [.signal])
        let cancelled = bench.run()
        bench.cancel(cancelled)
        #expect(bench.exit(cancelled, signal: 15).changed.map(\.cause) == [.cancelled])
    }

    @Test("a quota of running jobs counts those that wait, and only the tenant's own")
    func runningJobs() {
        var bench = Bench(Settings(slots: 1, quota: Quota(runningJobs: 2)))
        let first = bench.submit()
        bench.submit()
        let before = bench.state
        #expect(
            bench.submit { _ in }.refusal
                == "quota_exceeded: quota running_jobs: 2 of this tenant's jobs may be pending or running at one time, "
                + "and 2 are; wait for one to end")
        #expect(bench.state == before)
        #expect(bench.submit("bob") { _ in }.refusal == nil)
        bench.exit(first)
        #expect(bench.submit { _ in }.refusal == nil)
    }

    @Test("a quota of CPU time or cost is used up by jobs that ended")
    func usedUp() {
        var bench = Bench(Settings(quota: Quota(cpuSeconds: 1.5)))
        for cpu in [0.5, 0.3] {
            let id = bench.run()
            bench.feed(.processExited(job: id, exit(1, cpu: cpu)))
        }
        #expect(
            bench.submit { _ in }.refusal
                == "quota_exceeded: quota cpu_seconds: this tenant's jobs may use 1.5 s of CPU, and have used 1.6 s")
        bench.feed(.quotaSet(tenant: "ada", Quota(cost: 2)))
        let costly = bench.run { $0.rate = Rate(hourlyCost: 2.5) }
        bench.feed(.processExited(job: costly, exit(3600)))
        #expect(
            bench.submit { _ in }.refusal
                == "quota_exceeded: quota cost: this tenant's jobs may cost 2 USD (simulated), and have cost 2.5 USD")
    }

    @Test("a tenant's own quota stands in place of the settings', until it is given back")
    func ownQuota() {
        var bench = Bench(Settings(quota: Quota(runningJobs: 0)))
        #expect(bench.submit { _ in }.refusal != nil)
        #expect(bench.feed(.quotaSet(tenant: "ada", Quota())).isRecorded)
        #expect(!bench.feed(.quotaSet(tenant: "ada", Quota())).isRecorded)
        #expect(bench.submit { _ in }.refusal == nil)
        #expect(bench.submit("bob") { _ in }.refusal != nil)
        bench.feed(.quotaSet(tenant: "ada", nil))
        #expect(bench.submit { _ in }.refusal != nil)
        #expect(bench.state.quota(of: "ada") == Quota(runningJobs: 0))
    }

    @Test("to repeat an idempotency key is no new submission")
    func repeated() {
        var bench = Bench(Settings(quota: Quota(runningJobs: 1)))
        let id = bench.submit(key: "k")
        #expect(bench.submit(key: "k") == id)
        #expect(bench.submit(key: "l") == "refused")
    }
}
