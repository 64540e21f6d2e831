import JobHistory
import Simulation
import Testing

@Suite struct AccountTests {
    private func event(_ second: Int64, _ body: Event.Body) -> Event { Event(at: Timestamp(microseconds: second * 1_000_000), body) }

    @Test("accounts are sums in the order of the ends, to the bit, however the ends are batched", arguments: [1, 3, 100])
    func order(batch: Int) throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        var platform = try Platform(history, slots: 1_000)
        // Sums of these depend on their order.
        let figures = (1...60).map { Double($0) * 0.1 + ($0 % 7 == 0 ? 1e9 : 0) }
        let ids = try figures.map { _ in try platform.submit() }
        var expected = Account()
        for start in stride(from: 0, to: ids.count, by: batch) {
            var steps: [StoredStep] = []
            for index in start..<min(start + batch, ids.count) {
                let usage = Usage(wallSeconds: figures[index], cpuUserSeconds: figures[index] / 3, cpuSystemSeconds: 1e-7)
                let exit = event(1_000 + Int64(index), .processExited(job: ids[index], Exit(code: index % 2 == 0 ? 0 : 1, usage: usage)))
                let step = platform.state.reduce(exit)
                step.changed.forEach { expected.add($0) }
                steps.append(StoredStep(exit, step))
            }
            try history.append(steps)
        }
        #expect(try history.live().accounts == ["ada": expected])
        #expect(expected.succeeded == 30 && expected.failed == 30)
        #expect(try history.verify().differences == [])
    }

    @Test("a figure that is no number counts as nothing, and the commit does not fail on it")
    func notANumber() throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        try platform.complete(usage: Usage(wallSeconds: .nan, cpuUserSeconds: .infinity, cpuSystemSeconds: 0.5))
        #expect(try platform.history.live().accounts["ada"]?.cpuSeconds == 0.5)
    }

    @Test("a tenant's quota is kept until it is taken away, and makes no account")
    func quota() throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        let quota = Quota(runningJobs: 2, cost: 0.5)
        try history.append([StoredStep(event(1, .quotaSet(tenant: "bob", quota)), Step())])
        #expect(try history.live().quotas == ["bob": quota])
        #expect(try history.live().accounts == [:] && history.live().submissionsByTenant == [:])
        try history.append([StoredStep(event(2, .quotaSet(tenant: "bob", nil)), Step())])
        #expect(try history.live().quotas == [:])
    }

    @Test("cause, charge and attempt are read back; a job that waits for another run is launched no more")
    func requeued() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        let history = platform.history
        try platform.feed(.holdArmed(hold: "h", tenant: "ada", .running))
        let id = try platform.submit()
        #expect(try history.live().live.map(\.hasGate) == [true])
        var record = try #require(platform.state.job(id))
        record.attempt = 2
        record.node = nil
        try history.append([StoredStep(event(9, .nodeLost(job: id)), Step(changed: [record]))])
        let waiting = try #require(try history.live().live.first)
        #expect(waiting.launched == false && waiting.hasGate == false && waiting.record == record)
        // Launched again at once, with a gate again.
        record.attempt = 3
        let again = StoredStep(
            event: event(10, .nodeLost(job: id)), job: id, changed: [record], launched: [.init(job: id, gated: true)])
        try history.append([again])
        let launched = try #require(try history.live().live.first)
        #expect(launched.launched && launched.hasGate && launched.record.attempt == 3)
        record.status = .failed
        record.finishedAt = Timestamp(microseconds: 11_000_000)
        record.cause = .nodeLost
        record.charge = Charge(gpuHours: 0.25, cost: 1.75)
        try history.append([StoredStep(event(11, .nodeLost(job: id)), Step(changed: [record]))])
        #expect(try await history.job(id: id) == record)
        let account = try #require(try history.live().accounts["ada"])
        #expect(account.gpuHours == 0.25 && account.cost == 1.75)
    }
}
