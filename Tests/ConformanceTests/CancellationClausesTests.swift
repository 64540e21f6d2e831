import Recording
import Testing

@testable import Conformance

@Suite("Clauses on cancel_job")
struct CancellationClausesTests {
    /// The story of a running job that is cancelled, good unless something is said.
    private func running(
        cancel: Outcome = .returned(true), platform: Status = .cancelled, status: Outcome = .gave(.cancelled), listed: Bool = true,
        second: Outcome = .returned(false), statusAfterSecond: Outcome = .gave(.cancelled), platformAfterSecond: Status = .cancelled
    ) -> Story {
        var story = Story(CancelRunningProbe.self)
        story.submit("submit", "job-1", .gated("wt0123456789abcdef"))
        story.jobs("job runs", JobTruth(.running))
        story.call("cancel", .cancelJob, cancel)
        story.jobs("job ended", JobTruth(platform))
        story.call("status after", .getJobStatus, status, mustReturn: false)
        story.call("list after", .listJobs, listed ? .rows(("job-1", .cancelled)) : .rows())
        story.call("second cancel", .cancelJob, second, mustReturn: false)
        story.call("status after the second cancel", .getJobStatus, statusAfterSecond, mustReturn: false)
        story.jobs("after the second cancel", JobTruth(platformAfterSecond))
        return story
    }

    private func finished(
        cancel: Outcome = .returned(false), statusAfter: Outcome? = nil, resultAfter: Value.Record? = nil, resultRaises: Bool = false
    ) -> Story {
        var story = Story(CancelFinishedProbe.self)
        story.jobs("jobs ended", JobTruth(.succeeded), JobTruth(.failed))
        for (outcome, status) in [("succeeded", Status.succeeded), ("failed", .failed)] {
            story.call("status of \(outcome) before", .getJobStatus, .gave(status))
            story.call("result of \(outcome) before", .getJobResult, .returned(.record(result(status))))
            story.call("cancel \(outcome)", .cancelJob, cancel, mustReturn: false)
            story.call("status of \(outcome) after", .getJobStatus, statusAfter ?? .gave(status), mustReturn: false)
            let after = Outcome.returned(.record(resultAfter ?? result(status)))
            story.call("result of \(outcome) after", .getJobResult, resultRaises ? .cloudException : after, mustReturn: false)
        }
        return story
    }

    private func result(_ status: Status, output: String = "out", duration: Double = 1, link: String = "a") -> Value.Record {
        Value.Record(
            type: "JobResult",
            fields: [
                Value.Field("status", status.value), Value.Field("output", .string(output)),
                Value.Field("error", status == .failed ? "exit code 3" : nil), Value.Field("metrics", .dict([])),
                Value.Field("artifacts", .list([.string(link)])), Value.Field("duration_seconds", .double(duration)),
            ], isContract: true)
    }

    @Test("CAN-01 takes a bool only; an exception counts where the call had to return")
    func returnsABool() throws {
        #expect(try finding(CAN01ReturnsABool.self, running(), finished()) == "holds")
        #expect(try finding(CAN01ReturnsABool.self, running(cancel: .returned(.none)), finished()) == "returned-none")
        #expect(try finding(CAN01ReturnsABool.self, running(cancel: .returned(1)), finished()) == "not-bool")
        #expect(try finding(CAN01ReturnsABool.self, running(cancel: .cloudException), finished()) == "raised")
        #expect(try finding(CAN01ReturnsABool.self, running(), finished(cancel: .cloudException)) == "holds")
        #expect(try finding(CAN01ReturnsABool.self, running(), finished(cancel: .returned("ok"))) == "not-bool")
    }

    @Test("CAN-01 finds its witness among ended jobs where nothing can be held")
    func witnessWithoutHolds() throws {
        #expect(try finding(CAN01ReturnsABool.self, Story(CancelRunningProbe.self), finished()) == "holds")
        #expect(try finding(CAN01ReturnsABool.self, Story(CancelRunningProbe.self), Story(CancelFinishedProbe.self)) == "missing")
    }

    @Test("CAN-02 wants True, the platform's own record, and CANCELLED")
    func becomesCancelled() throws {
        #expect(try finding(CAN02RunningJobIsCancelled.self, running()) == "holds")
        #expect(try finding(CAN02RunningJobIsCancelled.self, running(cancel: .returned(false))) == "returned-false")
        #expect(try finding(CAN02RunningJobIsCancelled.self, running(platform: .succeeded)) == "not-asked")
        #expect(try finding(CAN02RunningJobIsCancelled.self, running(status: .gave(.failed))) == "shown-as-failed")
        #expect(try finding(CAN02RunningJobIsCancelled.self, running(status: .gave(.succeeded))) == "shown-as-succeeded")
        #expect(try finding(CAN02RunningJobIsCancelled.self, running(status: .gave(.unknown))) == "not-shown")
    }

    @Test("CAN-03 alone speaks of a status that can no longer be read")
    func staysKnown() throws {
        #expect(try finding(CAN03StaysKnown.self, running()) == "holds")
        #expect(try finding(CAN03StaysKnown.self, running(status: .cloudException)) == "status-lost")
        #expect(try finding(CAN02RunningJobIsCancelled.self, running(status: .cloudException)) == "holds")
        #expect(try finding(CAN03StaysKnown.self, running(listed: false)) == "not-listed")
    }

    @Test("CAN-04 counts processes, and needs a tree to begin with", arguments: [(3, 0, "holds"), (3, 1, "tree-alive"), (1, 0, "missing")])
    func tree(before: Int, after: Int, expected: String) throws {
        var story = Story(CancelTreeProbe.self)
        story.processes("alive before", before)
        story.call("cancel", .cancelJob, .returned(true))
        story.jobs("after the cancellation", JobTruth(.cancelled))
        story.processes("alive after", after)
        #expect(try finding(CAN04TreeIsGone.self, story) == expected)
    }

    @Test(
        "CAN-05 asks only that the job never starts",
        arguments: [
            (Outcome.returned(true), false, "holds"), (.returned(false), false, "holds"), (.returned(true), true, "started"),
            (.cloudException, true, "raised"),
        ])
    func pending(cancel: Outcome, started: Bool, expected: String) throws {
        var story = Story(CancelPendingProbe.self)
        story.jobs("job waits", JobTruth(.pending, started: false))
        story.call("cancel", .cancelJob, cancel, mustReturn: false)
        story.jobs("at the end", JobTruth(started ? .succeeded : .cancelled, started: started))
        #expect(try finding(CAN05PendingNeverStarts.self, story) == expected)
    }

    @Test("CAN-06 compares status and result, but no links, durations or wording")
    func finishedStays() throws {
        #expect(try finding(CAN06FinishedStaysAsItWas.self, finished()) == "holds")
        #expect(try finding(CAN06FinishedStaysAsItWas.self, finished(cancel: .cloudException)) == "holds")
        #expect(try finding(CAN06FinishedStaysAsItWas.self, finished(statusAfter: .gave(.cancelled))) == "status-changed")
        #expect(try finding(CAN06FinishedStaysAsItWas.self, finished(statusAfter: .cloudException)) == "status-changed")
        #expect(try finding(CAN06FinishedStaysAsItWas.self, finished(resultAfter: result(.succeeded, output: ""))) == "result-changed")
        #expect(try finding(CAN06FinishedStaysAsItWas.self, finished(resultRaises: true)) == "result-changed")
    }

    @Test("CAN-06 holds where links and durations are made anew")
    func finishedIsMadeAnew() throws {
        var story = Story(CancelFinishedProbe.self)
        story.jobs("jobs ended", JobTruth(.succeeded), JobTruth(.failed))
        for (outcome, status) in [("succeeded", Status.succeeded), ("failed", .failed)] {
            story.call("status of \(outcome) before", .getJobStatus, .gave(status))
            story.call("result of \(outcome) before", .getJobResult, .returned(.record(result(status))))
            story.call("cancel \(outcome)", .cancelJob, .returned(false), mustReturn: false)
            story.call("status of \(outcome) after", .getJobStatus, .gave(status), mustReturn: false)
            let after = result(status, duration: 2, link: "b")
            story.call("result of \(outcome) after", .getJobResult, .returned(.record(after)), mustReturn: false)
        }
        #expect(try finding(CAN06FinishedStaysAsItWas.self, story) == "holds")
    }

    @Test("CAN-07 wants False of an ended job, and a second cancel that does no harm")
    func gives() throws {
        #expect(try finding(CAN07FinishedGivesFalse.self, finished(), running()) == "holds")
        #expect(try finding(CAN07FinishedGivesFalse.self, finished(), running(second: .returned(true))) == "holds")
        #expect(try finding(CAN07FinishedGivesFalse.self, finished(), running(second: .cloudException)) == "holds")
        #expect(try finding(CAN07FinishedGivesFalse.self, finished(cancel: .returned(true)), running()) == "returned-true")
        #expect(try finding(CAN07FinishedGivesFalse.self, finished(cancel: .cloudException), running()) == "raised")
        #expect(try finding(CAN07FinishedGivesFalse.self, finished(), running(second: .raised("KeyError"))) == "second-raised")
        #expect(
            try finding(CAN07FinishedGivesFalse.self, finished(), running(statusAfterSecond: .gave(.failed))) == "second-harmed")
    }

    @Test(
        "CAN-08 takes False or CloudException, and looks after the other job",
        arguments: [
            (Outcome.returned(false), Status.running, Status.succeeded, "holds"),
            (.raised("acme.NotFound", contract: ["CloudException"]), .running, .succeeded, "holds"),
            (.returned(true), .running, .succeeded, "returned-true"), (.raised("KeyError"), .running, .succeeded, "other-exception"),
            (.returned(false), .cancelled, .cancelled, "other-job-harmed"), (.returned(false), .running, .cancelled, "other-job-harmed"),
        ])
    func unknown(cancel: Outcome, at: Status, end: Status, expected: String) throws {
        var story = Story(CancelUnknownProbe.self)
        story.harness("hold at running")
        story.jobs("job runs", JobTruth(.running))
        story.call("cancel unknown", .cancelJob, cancel, mustReturn: false)
        story.jobs("after the cancellation", JobTruth(at))
        story.jobs("job ended", JobTruth(end))
        #expect(try finding(CAN08UnknownHarmsNobody.self, story) == expected)
    }
}
