import Recording
import Testing

@testable import Conformance

@Suite("Clauses on get_job_status")
struct StatusClausesTests {
    @Test(
        "STA-01 wants a member of the contract's JobStatus",
        arguments: [
            (Status.pending.value, "holds"), (Status.unknown.value, "holds"), (Value.none, "returned-none"), ("running", "not-member"),
            (.member(Value.Member(type: "JobStatus", name: "RUNNING", value: "running", isContract: false)), "not-member"),
        ])
    func member(value: Value, expected: String) throws {
        var tale = JobTale(FirstJobProbe.self)
        tale.ask("status at once", .getJobStatus, .returned(value))
        #expect(try verdict(STA01ReturnsAMember.self, [tale.recording]) == expected)
    }

    // MARK: - STA-02

    private static let unknownCases: [(Outcome, String)] = [
        (.returned(Status.unknown.value), "holds"), (.raises("Gone", contract: ["CloudException"]), "holds"),
        (.returned(Status.running.value), "invented-status"), (.returned(Status.failed.value), "invented-status"),
        (.raises("KeyError", bases: ["LookupError"]), "wrong-exception"),
    ]

    @Test("STA-02 allows UNKNOWN and CloudException for an unknown id", arguments: unknownCases)
    func unknown(outcome: Outcome, expected: String) throws {
        var tale = JobTale(UnknownIDProbe.self)
        tale.status("status of known", .succeeded)
        tale.ask("status of unknown", .getJobStatus, outcome, of: "job-9")
        #expect(try verdict(STA02UnknownID.self, [tale.recording]) == expected)
    }

    @Test("STA-02 says nothing of a connector that calls known jobs UNKNOWN as well")
    func allUnknown() {
        var tale = JobTale(UnknownIDProbe.self)
        tale.status("status of known", .unknown)
        tale.status("status of unknown", .unknown, of: "job-9")
        #expect(throws: PremiseMissing.self) { try verdict(STA02UnknownID.self, [tale.recording]) }
    }

    // MARK: - STA-03, STA-04

    private func endings(_ wrong: ExitCodesProbe.Ending? = nil, _ status: Status = .running) -> Recording {
        var tale = JobTale(ExitCodesProbe.self)
        for ending in ExitCodesProbe.Ending.allCases { tale.submit("submit \(ending.rawValue)") }
        tale.jobs("jobs ended", ExitCodesProbe.Ending.allCases.map { .ended($0) })
        for ending in ExitCodesProbe.Ending.allCases {
            tale.status("status of \(ending.rawValue)", ending == wrong ? status : ending.endsWell ? .succeeded : .failed)
        }
        return tale.recording
    }

    /// The first job, whose status was read at once and again at its end.
    private static func first(_ last: Status = .succeeded) -> Recording {
        var tale = JobTale(FirstJobProbe.self)
        tale.submit("submit")
        tale.status("status at once", .pending)
        tale.jobs("job ended", [.ended(.plain)])
        tale.status("status at the end", last)
        return tale.recording
    }

    @Test("STA-03 finds a status that a connector keeps of a job after its end")
    func stale() throws {
        #expect(try verdict(STA03ExitZeroSucceeds.self, [Self.first(.pending), endings()]) == "never-ends")
    }

    @Test("STA-03 and STA-04 hold where each end is told as it was, and say nothing of each other's jobs")
    func told() throws {
        #expect(try verdict(STA03ExitZeroSucceeds.self, [Self.first(), endings()]) == "holds")
        #expect(try verdict(STA04CrashFails.self, [endings()]) == "holds")
        #expect(try verdict(STA03ExitZeroSucceeds.self, [Self.first(), endings(.killed, .succeeded)]) == "holds")
        #expect(try verdict(STA04CrashFails.self, [endings(.noisy, .failed)]) == "holds")
    }

    @Test(
        "STA-03 finds a success that is told otherwise",
        arguments: [(Status.failed, "called-failed"), (.running, "never-ends"), (.unknown, "never-ends"), (.cancelled, "called-cancelled")])
    func successMistold(status: Status, expected: String) throws {
        #expect(try verdict(STA03ExitZeroSucceeds.self, [Self.first(), endings(.noisy, status)]) == expected)
    }

    @Test(
        "STA-04 finds a crash that is told otherwise",
        arguments: [(Status.succeeded, "called-succeeded"), (.pending, "never-ends"), (.cancelled, "called-cancelled")])
    func crashMistold(status: Status, expected: String) throws {
        #expect(try verdict(STA04CrashFails.self, [endings(.killed, status)]) == expected)
    }

    // MARK: - STA-05, STA-07

    private func life(_ statuses: [Status], alive: Int = 1) -> Recording {
        var tale = JobTale(JobLifeProbe.self)
        tale.submit("submit")
        let reads = JobLifeProbe.pendingReads + JobLifeProbe.runningReads + ["status after the exit", JobLifeProbe.lastRead]
        for (label, status) in zip(reads, statuses) {
            if label == JobLifeProbe.runningReads[0] {
                tale.jobs("job is pending still", [JobTruth(.pending, started: false)])
                tale.jobs("job runs", [JobTruth(.running)])
                tale.processes("processes before the reads", alive)
            }
            tale.status(label, status)
        }
        tale.processes("processes after the reads", alive)
        return tale.recording
    }

    private static let lives: [([Status], String)] = [
        ([.pending, .pending, .running, .running, .running, .running, .running, .succeeded], "holds"),
        // Slow to notice, or with UNKNOWN in passing: still forward.
        ([.pending, .pending, .pending, .pending, .pending, .pending, .pending, .succeeded], "holds"),
        ([.unknown, .pending, .unknown, .running, .unknown, .running, .unknown, .succeeded], "holds"),
        ([.running, .running, .running, .running, .running, .running, .running, .succeeded], "holds"),
        ([.pending, .pending, .running, .pending, .running, .running, .running, .succeeded], "backward"),
        ([.pending, .pending, .running, .unknown, .pending, .running, .running, .succeeded], "backward"),
        ([.pending, .failed, .running, .running, .running, .running, .running, .succeeded], "terminal-before-start"),
        ([.pending, .pending, .running, .running, .running, .running, .succeeded, .unknown], "unknown-after-end"),
        ([.pending, .pending, .running, .running, .running, .running, .running, .unknown], "unknown-at-last"),
    ]

    @Test("STA-05 allows only forward, and UNKNOWN in passing", arguments: lives)
    func forward(statuses: [Status], expected: String) throws {
        #expect(try verdict(STA05OnlyForward.self, [life(statuses)]) == expected)
    }

    @Test("STA-05 sees other probes' reads, job by job, and leaves unknown ids out")
    func elsewhere() throws {
        var tale = JobTale(EndedJobsProbe.self)
        tale.submit("submit", .returned("job-1"))
        tale.submit("submit two", .returned("job-2"))
        tale.status("one", .succeeded)
        tale.status("two", .pending, of: "job-2")
        tale.status("nobody", .unknown, of: "job-9")
        let good = life(Self.lives[0].0)
        #expect(try verdict(STA05OnlyForward.self, [good, tale.recording]) == "holds")
        tale.status("one again", .running)
        #expect(try verdict(STA05OnlyForward.self, [good, tale.recording]) == "backward")
    }

    @Test("STA-07 finds an end while the process lives, and needs a process that does")
    func alive() throws {
        let ended: [Status] = [.pending, .pending, .running, .running, .running, .succeeded, .succeeded, .succeeded]
        #expect(try verdict(STA07AliveIsNotTerminal.self, [life(Self.lives[0].0)]) == "holds")
        #expect(try verdict(STA07AliveIsNotTerminal.self, [life(Self.lives[2].0)]) == "holds")
        #expect(try verdict(STA07AliveIsNotTerminal.self, [life(ended)]) == "ended-early")
        #expect(throws: PremiseMissing.self) { try verdict(STA07AliveIsNotTerminal.self, [life(ended, alive: 0)]) }
    }

    // MARK: - STA-06

    @Test(
        "STA-06 finds a terminal status that changes",
        arguments: [(Status.failed, "holds"), (.succeeded, "changed"), (.running, "left"), (.unknown, "left")])
    func stays(last: Status, expected: String) throws {
        var tale = JobTale(EndedJobsProbe.self)
        for (outcome, status) in [("succeeded", Status.succeeded), ("failed", .failed)] {
            tale.submit("submit \(outcome)", .returned(.string(outcome)))
            // Slow to notice: reads before the first terminal one are no matter here.
            tale.status("status of \(outcome) (early)", .running, of: outcome)
            for label in ["", " after the result", " after the logs"] { tale.status("status of \(outcome)\(label)", status, of: outcome) }
            tale.status("status of \(outcome) at last", outcome == "failed" ? last : status, of: outcome)
        }
        #expect(try verdict(STA06TerminalStays.self, [tale.recording]) == expected)
    }
}
