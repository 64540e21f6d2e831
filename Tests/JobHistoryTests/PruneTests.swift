import Foundation
import GRDB
import JobHistory
import Simulation
import Testing

/// Moments here are seconds of ``Platform``: one for each event.
@Suite struct PruneTests {
    private func second(_ second: Int64) -> Timestamp { Timestamp(microseconds: second * 1_000_000) }

    /// A platform that stores what it does, whose run begins at this second.
    private func platform(_ folder: Folder, at seconds: Int64 = 0, slots: Int = 2) throws -> Platform {
        try Platform(try JobHistory(path: folder.database), slots: slots, at: seconds)
    }

    @Test("old jobs go with their events; the rest, the totals and the log's honesty stay")
    func prunes() async throws {
        let folder = try Folder()
        var platform = try platform(folder)
        let usage = Usage(wallSeconds: 0.1, cpuUserSeconds: 0.2, cpuSystemSeconds: 0.3, readBytes: 5, writtenBytes: 7)
        var old: [String] = []
        for index in 0..<10 { old.append(try platform.complete(index % 2 == 0 ? "ada" : "bob", usage: usage)) }
        let new = try platform.complete("ada", code: 1, usage: usage)
        let history = platform.history
        let accounts = try history.live().accounts
        let eventsOfNew = try await history.events(ofJob: new)
        var told: [String] = []
        // The last old job ended at second 31.
        let pruned = try history.prune(endedBefore: second(32), onJob: { told.append($0) })
        #expect(pruned.jobs == 10 && pruned.kept == 0)
        #expect(told == old)
        for id in old {
            #expect(try await history.job(id: id) == nil)
        }
        #expect(try await history.jobs(limit: 100).map(\.id) == [new])
        #expect(try await history.events(ofJob: new) == eventsOfNew)
        #expect(try history.live().accounts == accounts)
        #expect(accounts.values.map(\.succeeded) == [5, 5])
        #expect(try history.verify().differences == [])
        #expect(try history.unknown(of: [old[0], new]) == [old[0]])
    }

    @Test("ids, numbers, accounts and verification go on after a prune of everything, and after another")
    func goesOn() async throws {
        let folder = try Folder()
        let plain = try Folder()
        var expected = try platform(plain)
        var first = try platform(folder)
        for _ in 0..<3 {
            try expected.complete("ada", usage: fullUsage)
            try first.complete("ada", usage: fullUsage)
        }
        #expect(try first.history.prune(endedBefore: second(1_000)).jobs == 3)
        #expect(try await first.history.count() == 0)
        #expect(try first.history.verify().differences == [])
        #expect(try first.history.live().settings == Settings(seed: 5, slots: 2))
        try first.history.close()

        var second = try platform(folder, at: 100)
        try expected.feed(.platformStarted(Settings(seed: 5, slots: 2)))
        #expect(try second.complete("ada", usage: fullUsage) == expected.complete("ada", usage: fullUsage))
        #expect(second.state.nextNumber == expected.state.nextNumber)
        #expect(try second.history.live().accounts == expected.history.live().accounts)
        #expect(try second.history.verify().differences == [])
        #expect(try second.history.prune(endedBefore: self.second(1_000)).jobs == 1)
        #expect(try second.complete("bob") == expected.complete("bob"))
        #expect(try second.history.verify().differences == [])
        let sequence = try await second.history.events(after: 0, limit: 100).map(\.seq)
        #expect(sequence == sequence.sorted() && Set(sequence).count == sequence.count)
    }

    @Test("jobs that have not ended keep their events and what was submitted, and stop nothing from going")
    func liveJobs() async throws {
        let folder = try Folder()
        var platform = try platform(folder)
        let running = try platform.submit("ada", fullSubmission)
        try platform.feed(.processStarted(job: running))
        let old = try platform.complete("bob")
        let waiting = try platform.submit("bob")
        let queued = try platform.submit("bob", Submission(code: "2"))
        let before = try platform.history.live()
        #expect(before.live.map(\.launched) == [true, true, false])
        #expect(try platform.history.prune(endedBefore: second(1_000)).jobs == 1)
        #expect(try await platform.history.job(id: old) == nil)
        #expect(try platform.history.live() == before)
        #expect(try await platform.history.submission(ofJob: running) == fullSubmission)
        #expect(try await platform.history.jobByIdempotencyKey(tenant: "ada", key: "key-1")?.0.id == running)
        #expect(try await platform.history.events(ofJob: running).map(\.kind) == [.submitted, .processStarted])
        #expect(try platform.history.verify().differences == [])
        try platform.feed(
            .processExited(job: running, Exit(code: 0)), .processExited(job: waiting, Exit(code: 0)),
            .processExited(job: queued, Exit(signal: 9)))
        #expect(try platform.history.verify().differences == [])
        #expect(try platform.history.prune(endedBefore: second(1_000)).jobs == 3)
        #expect(try await platform.history.events(ofJob: running).isEmpty)
        #expect(try platform.history.verify().differences == [])
    }

    @Test("where a hold keeps the log from being cut, what ended behind it stays and is counted; after a new start it goes")
    func holds() async throws {
        let folder = try Folder()
        var first = try platform(folder)
        try first.complete()
        try first.feed(.holdArmed(hold: "h", tenant: "bob", .pending))
        let late = try first.complete()
        let end = try await first.history.events(ofJob: late).last?.event.at
        // The same run goes on past the moment: there is no start behind which the hold is over.
        try first.feed(.submitted(tenant: "ada", Submission(code: "1")))
        let moment = try #require(end).advanced(bySeconds: 0.5)
        let pruned = try first.history.prune(endedBefore: moment)
        #expect(pruned.jobs == 1 && pruned.kept == 1)
        #expect(try await first.history.job(id: late) != nil)
        #expect(try first.history.verify().differences == [])
        _ = try platform(folder, at: 100)
        #expect(try first.history.prune(endedBefore: second(50)).jobs == 1)
        #expect(try first.history.verify().differences == [])
    }

    @Test("a rehearsal says the same and changes nothing")
    func rehearsal() async throws {
        let folder = try Folder()
        var platform = try platform(folder)
        for _ in 0..<3 { try platform.complete() }
        let events = try await platform.history.events(after: 0, limit: 100)
        var told = 0
        let rehearsed = try platform.history.prune(endedBefore: second(1_000), isRehearsal: true, onJob: { _ in told += 1 })
        #expect(told == 3)
        #expect(try await platform.history.count() == 3)
        #expect(try await platform.history.events(after: 0, limit: 100) == events)
        var pruned = try platform.history.prune(endedBefore: second(1_000))
        pruned.databaseBytes = 0
        #expect(pruned == rehearsed)
    }

    @Test("nothing old is nothing done, and the file stays as it is")
    func nothing() async throws {
        let folder = try Folder()
        var platform = try platform(folder)
        try platform.complete()
        let events = try await platform.history.events(after: 0, limit: 100)
        let pruned = try platform.history.prune(endedBefore: second(0))
        #expect(pruned.jobs == 0 && pruned.events == 0 && pruned.kept == 0 && pruned.databaseBytes == 0)
        #expect(try await platform.history.events(after: 0, limit: 100) == events)
    }

    @Test("the file becomes smaller")
    func shrinks() throws {
        let folder = try Folder()
        var platform = try platform(folder)
        for _ in 0..<20 {
            let id = try platform.submit("ada", Submission(code: String(repeating: "x", count: 20_000)))
            try platform.feed(.processStarted(job: id), .processExited(job: id, Exit(code: 0)))
        }
        let pruned = try platform.history.prune(endedBefore: second(1_000))
        #expect(pruned.databaseBytes > 20 * 20_000)
        try platform.history.close()
        #expect(try folder.bytes().count < 200_000)
    }

    @Test("what lies behind the base is as append-only as ever")
    func appendOnly() throws {
        let folder = try Folder()
        var platform = try platform(folder)
        try platform.complete()
        _ = try platform.history.prune(endedBefore: second(1_000))
        try platform.complete()
        try platform.history.close()
        #expect(throws: (any Error).self) { try folder.tamper("DELETE FROM events") }
        #expect(throws: (any Error).self) { try folder.tamper("UPDATE events SET at = 0") }
        #expect(throws: (any Error).self) { try folder.tamper("DELETE FROM events WHERE seq = (SELECT seq FROM base)") }
        try folder.tamper("DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE seq = (SELECT seq + 1 FROM base)")
        #expect(try JobHistory.openReadOnly(path: folder.database).verify().differences.first?.hasSuffix("missing from the log") == true)
    }

    @Test("a live job at the base that lost its submission is told, not passed over")
    func damagedBase() throws {
        let folder = try Folder()
        var platform = try platform(folder)
        try platform.complete()
        let live = try platform.submit()
        _ = try platform.history.prune(endedBefore: second(1_000))
        try platform.feed(.processStarted(job: live), .processExited(job: live, Exit(code: 0)))
        try platform.history.close()
        try folder.tamper("DROP TRIGGER events_are_never_deleted; DELETE FROM events WHERE job = '\(live)' AND kind = 'submitted'")
        let found = try JobHistory.openReadOnly(path: folder.database).verify()
        #expect(found.differences == ["the submission of a live job cannot be read: \(live)"])
    }
}
