import JobHistory
import Simulation
import Testing

@Suite struct RestartTests {
    @Test("a restored state equals the replayed one once the platform has started again")
    func restored() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database), slots: 4)
        try platform.complete("bob")
        try platform.feed(.holdArmed(hold: "s", tenant: "ada", .settling))
        let settled = try platform.submit()
        try platform.feed(.processStarted(job: settled), .processExited(job: settled, Exit(code: 3, usage: fullUsage)))
        try platform.feed(.holdArmed(hold: "r", tenant: "ada", .running))
        let gated = try platform.submit()
        try platform.feed(.processStarted(job: gated), .holdArmed(hold: "p", tenant: "ada", .pending))
        let held = try platform.submit("ada", fullSubmission)
        let cancelled = try platform.submit("bob")
        try platform.feed(.cancelRequested(job: cancelled))
        _ = try platform.submit("bob")
        let waiting = try platform.submit("bob")
        try platform.history.close()

        let reopened = try JobHistory(path: folder.database)
        let live = try reopened.live()
        #expect(live.settings == Settings(seed: 5, slots: 4))
        #expect(live.live.map(\.launched) == [true, true, false, true, true, false])
        #expect(live.live.map(\.hasGate) == [false, true, false, false, false, false])
        #expect(live.live.first?.exit?.exit == Exit(code: 3, usage: fullUsage))

        var restored = live.state
        var replayed = State()
        for stored in try await reopened.events(after: 0, limit: 1_000) { _ = replayed.reduce(stored.event) }
        let restart = Event(at: Timestamp(microseconds: 1_000_000_000), .platformStarted(Settings(seed: 5, slots: 4)))
        let step = restored.reduce(restart)
        #expect(step == replayed.reduce(restart))
        #expect(restored == replayed)
        #expect(step.changed.map(\.id) == [settled, held])
        #expect(Set(restored.launchedJobs.map(\.id)).isSuperset(of: [gated, cancelled, held]))
        #expect(restored.job(waiting)?.status == .pending)
        #expect(restored.submission(of: held) == fullSubmission)
    }

    @Test("a job that was launched from the queue is known as launched after a restart")
    func launchedLater() throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database), slots: 1)
        let first = try platform.submit()
        let second = try platform.submit()
        let third = try platform.submit()
        try platform.feed(.holdArmed(hold: "h", tenant: "ada", .running), .processExited(job: first, Exit(code: 0)))
        let live = try platform.history.live().live
        #expect(live.map(\.record.id) == [second, third])
        #expect(live.map(\.launched) == [true, false])
        #expect(live.map(\.hasGate) == [true, false])
        #expect(try platform.history.verify().differences == [])
    }

    @Test("a new history starts at number 1; the next run goes on where the last one stopped")
    func numbers() throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        #expect(try history.live().nextNumber == 1)
        var first = try Platform(history)
        let id = try first.complete()
        var second = try Platform(history, at: 100)
        #expect(second.state.nextNumber == 2)
        #expect(try second.complete() != id)
        #expect(try history.verify().differences == [])
    }

    @Test("a batch is stored whole or not at all, and the platform goes on from its last stored state")
    func atomic() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        let id = try platform.complete()
        let record = try #require(try await platform.history.job(id: id))
        let fine = Event(at: Timestamp(microseconds: 9), .holdArmed(hold: "h", tenant: "ada", .pending))
        let twice = Event(at: Timestamp(microseconds: 9), .submitted(tenant: "ada", Submission(code: "1")))
        #expect(throws: HistoryError.self) {
            try platform.history.append([
                StoredStep(fine, Step()), StoredStep(twice, Step(answer: .accepted(record), changed: [record])),
            ])
        }
        #expect(try await platform.history.events(after: 0, limit: 100).count == 4)
        try platform.complete()
        #expect(try platform.history.verify().differences == [])
    }
}
