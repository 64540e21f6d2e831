import JobHistory
import Simulation
import Testing

@Suite struct RoundTripTests {
    @Test("every kind of event is read back as it was stored, with its moment, in order")
    func events() async throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        let bodies: [Event.Body] = [
            .platformStarted(Settings(seed: .max, nodes: 3, slots: 7, capacity: Capacity(cpus: 1.5, gpus: 2), quota: Quota(cpuSeconds: 9), cancelGraceSeconds: 0.5)),
            .submitted(tenant: "ada", fullSubmission), .cancelRequested(job: "j"), .processStarted(job: "j"),
            .launchFailed(job: "j", message: "no \"sh\""), .processExited(job: "j", Exit(code: -1, usage: fullUsage)),
            .processExited(job: "j", Exit(signal: 9, startedAt: Timestamp(microseconds: -1), endedAt: Timestamp(microseconds: 1 << 60))),
            .nodeLost(job: "j"), .timerFired(.cancelGrace(job: "j")),
            .holdArmed(hold: "h", tenant: "ada", .settling), .holdReleased(hold: "h"), .platformStopping,
            .preparationFailed(job: "j", message: "no wheel"), .timerFired(.timeLimit(job: "j")),
            .nodeChanged(node: "node-2", .draining), .quotaSet(tenant: "ada", Quota(runningJobs: 3, cost: 0.5)),
            .quotaSet(tenant: "ada", nil), .processExited(job: "j", Exit(signal: 9, bound: .memory)),
        ]
        let stored = bodies.enumerated().map { index, body in
            Event(at: Timestamp(microseconds: 1_700_000_000_000_001 + Int64(index)), body)
        }
        let last = try history.append(stored.map { StoredStep($0, Step()) })
        let read = try await history.events(after: 0, limit: 100)
        #expect(read.map(\.event) == stored)
        #expect(read.map(\.seq) == Array(1...Int64(bodies.count)))
        #expect(last == Int64(bodies.count))
        #expect(Set(read.map(\.kind)) == Set(EventKind.allCases))
        #expect(try await history.events(after: 3, limit: 2).map(\.seq) == [4, 5])
        #expect(try await history.events(ofJob: "j").count == 10)
    }

    @Test("a usage that is not a number is stored as unknown")
    func notANumber() async throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        let exit = Exit(code: 0, usage: Usage(wallSeconds: .infinity, cpuUserSeconds: .nan))
        try history.append([StoredStep(Event(at: Timestamp(microseconds: 1), .processExited(job: "j", exit)), Step())])
        let read = try await history.events(ofJob: "j").map(\.event.body)
        #expect(read == [.processExited(job: "j", Exit(code: 0))])
    }

    @Test("a job is read back field by field, pending, running and ended")
    func job() async throws {
        let folder = try Folder()
        let history = try JobHistory(path: folder.database)
        var platform = try Platform(history)
        let id = try platform.submit("ada", fullSubmission)
        #expect(try await history.job(id: id) == platform.state.job(id))
        try platform.feed(.processStarted(job: id), .cancelRequested(job: id))
        #expect(try await history.job(id: id) == platform.state.job(id))
        let end = try platform.feed(.processExited(job: id, Exit(signal: 15, usage: fullUsage)))
        #expect(try await history.job(id: id) == end.first?.changed.first)
        let failed = try platform.submit()
        let failure = try platform.feed(.processExited(job: failed, Exit(code: 3)))
        #expect(try await history.job(id: failed) == failure.first?.changed.first)
        #expect(try await history.submission(ofJob: id) == fullSubmission)
        #expect(try history.verify().differences == [])
    }

    @Test("a job is there for its own tenant only, and for a reader who names none")
    func tenants() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        let history = platform.history
        let id = try platform.complete("ada")
        #expect(try await history.job(id: id, tenant: "ada") != nil)
        #expect(try await history.job(id: id, tenant: "bob") == nil)
        #expect(try await history.job(id: "job-none") == nil)
        #expect(try await history.jobs(tenant: "bob", limit: 10).isEmpty)
    }

    @Test("a key finds its job and what was submitted, within its tenant")
    func idempotency() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        let id = try platform.submit("ada", fullSubmission)
        let found = try await platform.history.jobByIdempotencyKey(tenant: "ada", key: "key-1")
        #expect(found?.0.id == id)
        #expect(found?.1 == fullSubmission)
        #expect(try await platform.history.jobByIdempotencyKey(tenant: "bob", key: "key-1") == nil)
        #expect(try await platform.history.jobByIdempotencyKey(tenant: "ada", key: "key-2") == nil)
    }

    @Test("jobs are found by what their code contains, oldest first, over all tenants")
    func code() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database), slots: 9)
        let first = try platform.submit("bob", Submission(code: "x = 'nonce-1 %_'"))
        _ = try platform.submit("ada", Submission(code: "x = 2", name: "nonce-1 %_"))
        let second = try platform.submit("ada", Submission(code: "# \"ü\"\nnonce-1 %_"))
        #expect(try await platform.history.jobs(codeContaining: "nonce-1 %_").map(\.id) == [first, second])
        #expect(try await platform.history.jobs(codeContaining: "\"ü\"\nn").map(\.id) == [second])
    }

    @Test("usage sums up a tenant's jobs by status, seconds and bytes")
    func usage() async throws {
        let folder = try Folder()
        var platform = try Platform(try JobHistory(path: folder.database))
        let usage = Usage(wallSeconds: 1.5, cpuUserSeconds: 0.25, cpuSystemSeconds: 0.5, readBytes: 10, writtenBytes: 4)
        try platform.complete(usage: usage)
        try platform.complete(usage: usage)
        try platform.complete(code: 1)
        try platform.complete("bob", usage: usage)
        _ = try platform.submit()
        let restored = try platform.history.live()
        #expect(restored.live.map(\.record.status) == [.pending])
        let account = try #require(restored.accounts["ada"])
        #expect(account.succeeded == 2 && account.failed == 1 && account.cancelled == 0)
        #expect(account.wallSeconds == 3)
        #expect(account.cpuSeconds == 1.5)
        #expect(account.readBytes == 20 && account.writtenBytes == 8)
        #expect(try await platform.history.count(tenant: "ada") == 4)
        #expect(try await platform.history.count() == 5)
    }
}
