import Simulation
import Testing

@Suite struct HoldTests {
    @Test("a hold at pending keeps the tenant's next job waiting and nobody else")
    func pending() {
        var bench = Bench()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .pending))
        #expect(bench.feed(.submitted(tenant: "bob", Submission(code: "1"))).launches.count == 1)
        let held = bench.submit("ada")
        #expect(bench.state.hold("h")?.job == held)
        #expect(bench.state.armedHolds.isEmpty)
        let next = bench.feed(.submitted(tenant: "ada", Submission(code: "2")))
        #expect(next.launches.count == 1, "a hold catches one job at most")
        #expect(bench.status(held) == .pending)
        bench.exit(next.launches.keys.first ?? "")
        #expect(bench.feed(.holdReleased(hold: "h")).launches == [held: false])
    }

    @Test("a job released at pending takes its old place in the queue")
    func placeInQueue() {
        var bench = Bench(slots: 1)
        let running = bench.run()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .pending))
        let held = bench.submit()
        bench.submit()
        #expect(bench.feed(.holdReleased(hold: "h")).launches.isEmpty)
        #expect(bench.exit(running).launches == [held: false])
    }

    @Test("a hold at running launches with a gate, and its release opens it")
    func running() {
        var bench = Bench()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .running))
        let step = bench.feed(.submitted(tenant: "ada", Submission(code: "1")))
        let id = step.changed.first?.id ?? ""
        #expect(step.launches == [id: true])
        bench.feed(.processStarted(job: id))
        #expect(bench.state.launchedJobs.map(\.gated) == [true])
        #expect(bench.feed(.holdReleased(hold: "h")).effects == [.openGate(job: id, node: State.node)])
        #expect(bench.state.launchedJobs.map(\.gated) == [false])
        #expect(!bench.feed(.holdReleased(hold: "h")).isRecorded)
    }

    @Test("a hold at settling keeps the end back, the slot too, and then tells the true end")
    func settling() throws {
        var bench = Bench(slots: 1)
        let id = bench.run()
        let waiting = bench.submit()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .settling))
        let exit = bench.exit(id, code: 3)
        let ended = bench.now
        #expect(exit.isRecorded && exit.changed.isEmpty && exit.effects.isEmpty)
        #expect(bench.status(id) == .running)
        #expect(bench.state.runningCount == 1)
        let step = bench.feed(.holdReleased(hold: "h"))
        let record = try #require(step.changed.first)
        #expect(record.finishedAt == ended)
        #expect(record.error?.message == "exited with code 3")
        #expect(step.launches == [waiting: false])
    }

    @Test("a cancel while the end is kept back answers false, and the job keeps its true outcome")
    func cancelWhileSettling() {
        var bench = Bench()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .settling))
        let id = bench.run()
        bench.exit(id)
        #expect(bench.cancel(id) == Step(answer: .cancelled(false), isRecorded: false))
        #expect(bench.feed(.holdReleased(hold: "h")).changed.map(\.status) == [.succeeded])
    }

    @Test("a cancelled job may be kept back at settling too, and ends cancelled")
    func settlingAfterCancel() {
        var bench = Bench()
        bench.feed(.holdArmed(hold: "h", tenant: "ada", .settling))
        let id = bench.run()
        bench.cancel(id)
        #expect(bench.exit(id, signal: 15).effects == [.stopTimer(.cancelGrace(job: id))])
        #expect(bench.cancel(id).cancelled == true)
        #expect(bench.feed(.holdReleased(hold: "h")).changed.map(\.status) == [.cancelled])
    }

    @Test("a held job can be cancelled at pending and at its gate, and its hold is over")
    func cancelHeld() {
        var bench = Bench()
        bench.feed(.holdArmed(hold: "p", tenant: "ada", .pending))
        bench.feed(.holdArmed(hold: "r", tenant: "bob", .running))
        let pending = bench.submit("ada")
        let gated = bench.run("bob")
        #expect(bench.cancel(pending).changed.map(\.status) == [.cancelled])
        #expect(bench.state.hold("p") == nil)
        #expect(bench.cancel(gated).effects.first == .terminate(job: gated, node: State.node))
        #expect(bench.exit(gated, signal: 15).changed.map(\.status) == [.cancelled])
        #expect(bench.state.hold("r") == nil)
    }

    @Test("one job may meet a hold at each point, in turn")
    func chain() {
        var bench = Bench()
        for point in HoldPoint.allCases { bench.feed(.holdArmed(hold: point.rawValue, tenant: "ada", point)) }
        let id = bench.submit()
        #expect(bench.feed(.holdReleased(hold: "pending")).launches == [id: true])
        bench.feed(.processStarted(job: id))
        #expect(bench.feed(.holdReleased(hold: "running")).effects == [.openGate(job: id, node: State.node)])
        #expect(bench.exit(id).changed.isEmpty)
        #expect(bench.feed(.holdReleased(hold: "settling")).changed.map(\.status) == [.succeeded])
    }

    @Test("a hold that caught nothing can be released, and a name that is taken is not armed again")
    func names() {
        var bench = Bench()
        #expect(bench.feed(.holdArmed(hold: "h", tenant: "ada", .pending)).isRecorded)
        #expect(!bench.feed(.holdArmed(hold: "h", tenant: "bob", .running)).isRecorded)
        #expect(bench.state.armedHolds.map(\.point) == [.pending])
        #expect(bench.feed(.holdReleased(hold: "h")).isRecorded)
        #expect(bench.feed(.submitted(tenant: "ada", Submission(code: "1"))).launches.count == 1)
    }

    @Test("a restart ends every hold: kept ends are told, gates open, waiting jobs are launched")
    func restart() {
        var bench = Bench(slots: 3)
        bench.feed(.holdArmed(hold: "s", tenant: "ada", .settling))
        let settled = bench.run()
        bench.exit(settled)
        bench.feed(.holdArmed(hold: "r", tenant: "ada", .running))
        let gated = bench.run()
        bench.feed(.holdArmed(hold: "p", tenant: "ada", .pending))
        let pending = bench.submit()
        bench.feed(.holdArmed(hold: "later", tenant: "ada", .pending))
        let step = bench.feed(.platformStarted(Settings(slots: 3)))
        #expect(step.changed.map(\.id) == [settled, pending])
        #expect(step.changed.map(\.status) == [.succeeded, .pending])
        #expect(step.effects.contains(.openGate(job: gated, node: State.node)))
        #expect(step.launches == [pending: false])
        #expect(bench.state.armedHolds.isEmpty && bench.state.caughtHolds.isEmpty)
    }
}
