import Simulation
import Testing

@Suite struct CancelTests {
    @Test("a waiting job that is cancelled ends at once and is never launched")
    func waiting() {
        var bench = Bench(slots: 1)
        let running = bench.run()
        let waiting = bench.submit()
        let step = bench.cancel(waiting)
        #expect(step.cancelled == true)
        #expect(step.effects.isEmpty)
        #expect(step.changed.map(\.status) == [.cancelled])
        #expect(step.changed.first?.startedAt == nil)
        #expect(bench.exit(running).launches.isEmpty)
    }

    @Test("a running job gets TERM, then KILL after the grace period, and ends cancelled whatever its exit", arguments: [
        Exit(code: 0), Exit(code: 1), Exit(signal: 15), Exit(signal: 9),
    ])
    func running(exit: Exit) {
        var bench = Bench()
        let id = bench.run()
        let step = bench.cancel(id)
        #expect(step.cancelled == true)
        #expect(step.effects == [.terminate(job: id, node: State.node), .startTimer(.cancelGrace(job: id), seconds: 2)])
        #expect(bench.status(id) == .running)
        #expect(bench.state.job(id)?.cancelRequestedAt == bench.now)
        #expect(bench.feed(.timerFired(.cancelGrace(job: id))).effects == [.kill(job: id, node: State.node)])
        let end = bench.feed(.processExited(job: id, exit))
        #expect(end.changed.map(\.status) == [.cancelled])
        #expect(end.changed.first?.error == nil)
        #expect(end.changed.first?.signal == exit.signal)
    }

    @Test("a job that ends within the grace period stops its timer")
    func timerStopped() {
        var bench = Bench()
        let id = bench.run()
        bench.cancel(id)
        #expect(bench.exit(id, signal: 15).effects == [.stopTimer(.cancelGrace(job: id))])
        #expect(!bench.feed(.timerFired(.cancelGrace(job: id))).isRecorded)
    }

    @Test("a second cancel answers true and changes nothing; after the end it answers false")
    func twice() {
        var bench = Bench()
        let id = bench.run()
        bench.cancel(id)
        let again = bench.cancel(id)
        #expect(again == Step(answer: .cancelled(true), isRecorded: false))
        bench.exit(id, signal: 15)
        #expect(bench.cancel(id) == Step(answer: .cancelled(false), isRecorded: false))
    }

    @Test("a job whose launch was ordered and that has not started is terminated, not forgotten")
    func launching() {
        var bench = Bench(slots: 1)
        let id = bench.submit()
        #expect(bench.cancel(id).effects.first == .terminate(job: id, node: State.node))
        #expect(bench.status(id) == .pending)
        #expect(bench.state.runningCount == 1)
        bench.feed(.processStarted(job: id))
        #expect(bench.exit(id, signal: 15).changed.map(\.status) == [.cancelled])
        #expect(bench.state.runningCount == 0)
    }

    @Test("a cancelled job that cannot be launched, or whose node is lost, ends cancelled")
    func otherEnds() {
        var bench = Bench()
        let unlaunched = bench.submit()
        bench.cancel(unlaunched)
        #expect(bench.feed(.launchFailed(job: unlaunched, message: "x")).changed.map(\.status) == [.cancelled])
        let lost = bench.run()
        bench.cancel(lost)
        #expect(bench.feed(.nodeLost(job: lost)).changed.map(\.status) == [.cancelled])
    }

    @Test("a cancel that was under way when the platform went down is ordered again")
    func afterRestart() {
        var bench = Bench()
        let id = bench.run()
        bench.cancel(id)
        bench.feed(.timerFired(.cancelGrace(job: id)))
        let step = bench.feed(.platformStarted(Settings(cancelGraceSeconds: 5)))
        #expect(step.effects == [.terminate(job: id, node: State.node), .startTimer(.cancelGrace(job: id), seconds: 5)])
        #expect(bench.feed(.timerFired(.cancelGrace(job: id))).effects == [.kill(job: id, node: State.node)])
    }
}
