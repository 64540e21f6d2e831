import Simulation
import Testing

@Suite struct LifeTests {
    struct Ending: Sendable {
        var exit: Exit
        var status: JobStatus
        var error: JobError?
    }

    @Test(
        "a job ends as its process ended",
        arguments: [
            Ending(exit: Exit(code: 0), status: .succeeded),
            Ending(exit: Exit(code: 3), status: .failed, error: JobError(code: "exit", message: "exited with code 3")),
            Ending(
                exit: Exit(signal: 9), status: .failed,
                error: JobError(code: "signal", message: "killed by signal 9 (SIGKILL)")),
            Ending(
                exit: Exit(signal: 64), status: .failed, error: JobError(code: "signal", message: "killed by signal 64")),
        ])
    func endings(ending: Ending) throws {
        var bench = Bench()
        let id = bench.run()
        #expect(bench.state.job(id)?.startedAt == bench.now)
        let record = try #require(bench.feed(.processExited(job: id, ending.exit)).changed.first)
        #expect(record.status == ending.status)
        #expect(record.error == ending.error)
        #expect(record.exitCode == ending.exit.code)
        #expect(record.signal == ending.exit.signal)
        #expect(record.finishedAt == bench.now)
        #expect(bench.state.job(id) == nil)
        #expect(bench.state.runningCount == 0)
    }

    @Test("a submission is accepted as pending and launched at once while a slot is free")
    func admission() {
        var bench = Bench(slots: 1)
        let first = bench.feed(.submitted(tenant: "ada", Submission(code: "1", name: "train")))
        let second = bench.feed(.submitted(tenant: "bob", Submission(code: "2")))
        #expect(first.changed.map(\.status) == [.pending])
        #expect(first.launches.count == 1)
        #expect(second.launches.isEmpty)
        #expect(bench.state.runningCount == 1)
        #expect(bench.state.queuedCount == 1)
        #expect(first.changed.map(\.name) == ["train"])
        #expect(second.changed.map(\.name) == second.changed.map(\.id))
    }

    @Test("a slot that becomes free goes to the job that waited longest")
    func fifo() {
        var bench = Bench(slots: 1)
        let ids = (0..<4).map { _ in bench.submit() }
        bench.cancel(ids[1])
        #expect(bench.exit(ids[0]).launches == [ids[2]: false])
        #expect(bench.exit(ids[2]).launches == [ids[3]: false])
    }

    @Test("ids come from the seed, the tenant and its own count, whoever else submits")
    func ids() {
        var alone = Bench()
        let expected = [alone.submit("ada"), alone.submit("ada")]
        var crowded = Bench()
        crowded.submit("bob")
        let first = crowded.submit("ada")
        crowded.submit("bob")
        #expect([first, crowded.submit("ada")] == expected)
        #expect(expected.allSatisfy { $0.hasPrefix("job-") && $0.utf8.count == 20 })
        var otherSeed = Bench(seed: 2)
        #expect(otherSeed.submit("ada") != expected[0])
    }

    @Test("an end that comes before word of the start gives the start from the time the job ran")
    func shortJob() throws {
        var bench = Bench()
        let id = bench.submit()
        bench.seconds = 10
        let exit = Exit(code: 0, usage: Usage(wallSeconds: 0.25))
        let record = try #require(bench.feed(.processExited(job: id, exit)).changed.first)
        #expect(record.startedAt == moment(11).advanced(bySeconds: -0.25))
        #expect(record.finishedAt == moment(11))
        #expect(!bench.feed(.processStarted(job: id)).isRecorded)
    }

    @Test("a job never starts before its submission, nor ends before its start", arguments: [1e6, 1e300, .nan, -5, nil])
    func orderOfMoments(wall: Double?) throws {
        var bench = Bench()
        let id = bench.submit()
        let exit = Exit(code: 0, usage: Usage(wallSeconds: wall))
        let event = Event(at: moment(0), .processExited(job: id, exit))
        let record = try #require(bench.state.reduce(event).changed.first)
        let started = try #require(record.startedAt)
        #expect(record.createdAt <= started)
        #expect(started <= (record.finishedAt ?? moment(-1)))
    }

    @Test("an end that nobody heard of at the time has the moment that the node gives", arguments: [
        (20, 30, 20, 30), (20, 99, 20, 40), (99, 30, 30, 30), (0, 0, 2, 2), (50, 60, 40, 40),
    ])
    func missedEnd(started: Int64, ended: Int64, isStarted: Int64, isEnded: Int64) throws {
        var bench = Bench()
        let id = bench.submit()
        #expect(bench.state.job(id)?.createdAt == moment(2))
        bench.seconds = 39
        let exit = Exit(code: 0, startedAt: moment(started), endedAt: moment(ended))
        let record = try #require(bench.feed(.processExited(job: id, exit)).changed.first)
        #expect(record.startedAt == moment(isStarted))
        #expect(record.finishedAt == moment(isEnded))
    }

    @Test("an end that was missed is not before a start that was told")
    func missedEndAfterStart() throws {
        var bench = Bench()
        let id = bench.submit()
        bench.seconds = 9
        bench.feed(.processStarted(job: id))
        let exit = Exit(code: 0, startedAt: moment(5), endedAt: moment(6))
        let record = try #require(bench.feed(.processExited(job: id, exit)).changed.first)
        #expect(record.startedAt == moment(10))
        #expect(record.finishedAt == moment(10))
    }

    @Test("a job has its node from its launch on, and is stored with it")
    func node() throws {
        var bench = Bench(slots: 1)
        let first = bench.feed(.submitted(tenant: "ada", Submission(code: "1")))
        let second = bench.feed(.submitted(tenant: "ada", Submission(code: "1")))
        #expect(first.changed.map(\.node) == [State.node])
        #expect(first.answer == .accepted(first.changed[0]))
        #expect(second.changed.map(\.node) == [nil])
        let launch = bench.exit(first.changed[0].id)
        #expect(launch.changed.map(\.id) == [first.changed[0].id, second.changed[0].id])
        #expect(launch.changed.map(\.node) == [State.node, State.node])
    }

    @Test("a job that cannot be launched fails and frees its slot")
    func launchFailed() throws {
        var bench = Bench(slots: 1)
        let id = bench.submit()
        let next = bench.submit()
        let step = bench.feed(.launchFailed(job: id, message: "no such interpreter"))
        #expect(step.changed.first?.error == JobError(code: "launch_failed", message: "no such interpreter"))
        #expect(step.changed.first?.startedAt == nil)
        #expect(step.launches == [next: false])
    }

    @Test("a lost node fails its job and frees its slot; a waiting job has no node to lose")
    func nodeLost() {
        var bench = Bench(slots: 1)
        let id = bench.run()
        let next = bench.submit()
        #expect(!bench.feed(.nodeLost(job: next)).isRecorded)
        let step = bench.feed(.nodeLost(job: id))
        #expect(step.changed.first?.error?.code == "node_lost")
        #expect(step.launches == [next: false])
    }

    @Test("late and repeated events change nothing and are not recorded")
    func lateEvents() {
        var bench = Bench(slots: 1)
        let ended = bench.run()
        bench.exit(ended)
        let running = bench.run()
        let waiting = bench.submit()
        let before = bench.state
        let late: [Event.Body] = [
            .processStarted(job: ended), .processExited(job: ended, Exit(code: 1)), .nodeLost(job: ended),
            .launchFailed(job: ended, message: "x"), .timerFired(.cancelGrace(job: ended)), .cancelRequested(job: ended),
            .processStarted(job: running), .launchFailed(job: running, message: "x"),
            .timerFired(.cancelGrace(job: running)), .processStarted(job: waiting),
            .processExited(job: waiting, Exit(code: 0)), .holdReleased(hold: "none"), .cancelRequested(job: "job-none"),
        ]
        for body in late {
            let step = bench.feed(body)
            #expect(!step.isRecorded && step.effects.isEmpty && step.changed.isEmpty, "\(body)")
        }
        #expect(bench.state == before)
    }

    @Test("an idempotency key of a live job gives that job again, or a conflict for another submission")
    func idempotency() {
        var bench = Bench()
        let id = bench.submit(key: "k")
        let before = bench.state
        #expect(bench.submit(key: "k") == id)
        let conflict = bench.feed(.submitted(tenant: "ada", Submission(code: "other", idempotencyKey: "k")))
        guard case .refused("conflict", _) = conflict.answer else { Issue.record("\(conflict)"); return }
        #expect(bench.state == before)
        #expect(bench.submit("bob", key: "k") != id)
    }

    @Test("a platform that stops ends running jobs as platform_stopped, keeps the queue and takes no more")
    func stopping() {
        var bench = Bench(slots: 1)
        let running = bench.run()
        let waiting = bench.submit()
        let step = bench.feed(.platformStopping)
        #expect(step.effects == [
            .terminate(job: running, node: State.node), .startTimer(.cancelGrace(job: running), seconds: 2),
        ])
        guard case .refused("unavailable", _) = bench.feed(.submitted(tenant: "ada", Submission(code: "1"))).answer
        else { Issue.record("a submission was not refused"); return }
        let end = bench.exit(running)
        #expect(end.changed.first?.error?.code == "platform_stopped")
        #expect(end.launches.isEmpty)
        #expect(bench.status(waiting) == .pending)
        #expect(bench.feed(.platformStarted(Settings())).launches == [waiting: false])
    }
}
