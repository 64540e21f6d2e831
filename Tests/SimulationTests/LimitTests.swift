import Simulation
import Testing

@Suite struct LimitTests {
    private func timer(_ id: String) -> Timer { .timeLimit(job: id) }

    @Test("a job with a time limit has a timer from its start to its end")
    func timer() {
        var bench = Bench()
        let id = bench.submit { $0.resources.maxRuntimeHours = 0.5 }.job
        #expect(bench.feed(.processStarted(job: id)).effects == [.startTimer(timer(id), seconds: 1800)])
        #expect(bench.exit(id).effects == [.stopTimer(timer(id))])
        #expect(!bench.feed(.timerFired(timer(id))).isRecorded)
    }

    @Test("one whose time is over gets TERM, then KILL, and fails as time_limit whatever its exit", arguments: [
        Exit(code: 0), Exit(signal: 9),
    ])
    func over(exit: Exit) throws {
        var bench = Bench()
        let id = bench.run { $0.resources.maxRuntimeHours = 0.001 }
        let step = bench.feed(.timerFired(timer(id)))
        #expect(step.effects == [.terminate(job: id, node: "node-1"), .startTimer(.cancelGrace(job: id), seconds: 2)])
        #expect(!bench.feed(.timerFired(timer(id))).isRecorded)
        #expect(bench.feed(.timerFired(.cancelGrace(job: id))).effects == [.kill(job: id, node: "node-1")])
        let record = try #require(bench.feed(.processExited(job: id, exit)).changed.first)
        #expect(record.status == .failed && record.cause == .timeLimit)
        #expect(record.error == JobError(
            code: "time_limit", message: "max_runtime_hours: ran longer than 0.001 h (3.6 s)"))
    }

    @Test("of a cancel and the end of the time, the first wins")
    func cancelAndLimit() {
        var bench = Bench()
        let cancelled = bench.run { $0.resources.maxRuntimeHours = 1 }
        bench.cancel(cancelled)
        #expect(!bench.feed(.timerFired(timer(cancelled))).isRecorded)
        #expect(bench.exit(cancelled, signal: 15).changed.map(\.status) == [.cancelled])
        let over = bench.run { $0.resources.maxRuntimeHours = 1 }
        bench.feed(.timerFired(timer(over)))
        #expect(bench.cancel(over).cancelled == false)
        #expect(bench.exit(over, signal: 15).changed.map(\.cause) == [.timeLimit])
    }

    @Test("a restart gives a job what is left of its time, and none when that is over", arguments: [
        (10, 26), (36, 0), (99, 0),
    ])
    func restart(at second: Int64, left: Double) {
        var bench = Bench()
        let id = bench.run { $0.resources.maxRuntimeHours = 0.01 }
        bench.seconds += second - 1
        #expect(bench.feed(.platformStarted(Settings())).effects == [.startTimer(timer(id), seconds: left)])
    }

    @Test("a restart goes on ending a job whose time was over")
    func restartWhileEnding() {
        var bench = Bench()
        let id = bench.run { $0.resources.maxRuntimeHours = 0.01 }
        bench.feed(.timerFired(timer(id)))
        let step = bench.feed(.platformStarted(Settings(cancelGraceSeconds: 1)))
        #expect(step.effects == [.terminate(job: id, node: "node-1"), .startTimer(.cancelGrace(job: id), seconds: 1)])
        #expect(bench.exit(id, signal: 15).changed.map(\.cause) == [.timeLimit])
    }

    @Test("each attempt has the whole time")
    func attempts() {
        var bench = Bench()
        let id = bench.run {
            $0.resources.maxRuntimeHours = 0.01
            $0.retries = 1
        }
        #expect(bench.feed(.nodeLost(job: id)).effects.first == .stopTimer(timer(id)))
        #expect(bench.feed(.processStarted(job: id)).effects == [.startTimer(timer(id), seconds: 36)])
    }

    @Test("no number of hours is too many for a timer")
    func longest() {
        var bench = Bench()
        let id = bench.submit { $0.resources.maxRuntimeHours = 1e300 }.job
        guard case .startTimer(_, let seconds) = bench.feed(.processStarted(job: id)).effects.first
        else { Issue.record("there is no timer"); return }
        #expect(seconds < 1e10)
    }

    @Test("a job that was ended for a bound of its resources fails as that, also when its exit has a code", arguments: [
        (Exit(signal: 9, bound: .memory), ExitCause.outOfMemory, "memory_gb: used more than 0.5 GB"),
        (Exit(code: 0, bound: .memory), .outOfMemory, "memory_gb: used more than 0.5 GB"),
        (Exit(code: 1, bound: .disk), .diskLimit, "disk_size_gb: used more than 2 GB"),
    ])
    func bounds(exit: Exit, cause: ExitCause, message: String) throws {
        var bench = Bench()
        let id = bench.run {
            $0.resources.memoryGB = 0.5
            $0.resources.diskSizeGB = 2
        }
        let record = try #require(bench.feed(.processExited(job: id, exit)).changed.first)
        #expect(record.cause == cause)
        #expect(record.error == JobError(code: cause.rawValue, message: message))
        let cancelled = bench.run()
        bench.cancel(cancelled)
        #expect(bench.feed(.processExited(job: cancelled, exit)).changed.map(\.cause) == [.cancelled])
    }

    @Test("a job whose needs cannot be had fails before its start, and not after")
    func preparation() throws {
        var bench = Bench(slots: 1)
        let id = bench.submit()
        let next = bench.submit()
        let step = bench.feed(.preparationFailed(job: id, message: "no such package: nump"))
        #expect(step.changed.first?.cause == .dependenciesFailed)
        #expect(step.changed.first?.error == JobError(code: "dependencies_failed", message: "no such package: nump"))
        #expect(step.launches == [next: false])
        bench.feed(.processStarted(job: next))
        #expect(!bench.feed(.preparationFailed(job: next, message: "x")).isRecorded)
    }
}
