import Recording

enum CAN07FinishedGivesFalse: Clause {
    enum Breach: String, BreachCode {
        case returnedTrue = "returned-true"
        case raised
        case secondRaised = "second-raised"
        case secondHarmed = "second-harmed"
    }

    static let id = "CAN-07"
    static let buildsOn = ["CAN-01"]
    static let probes: [any Probe.Type] = [CancelFinishedProbe.self, CancelRunningProbe.self]
    static let page = Page(
        requires: "cancel_job of a job that has ended returns False: nothing was cancelled. A second cancel_job of a cancelled job may return any bool and does no harm.",
        why: "The bool tells whether this call stopped the job. Clean-up code counts on it, and calls twice without fear.",
        breach: "True for every job that the platform knows, an exception where the platform answers \"already ended\", or a second cancellation that turns CANCELLED into something else.",
        mend: "Return what the platform says it did; turn its \"already ended\" into False.",
        failing: """
            def cancel_job(self, job_id):
                self._post(f"/v1/jobs/{job_id}/cancel")
                return True          # also where the job had ended
            """,
        passing: """
            def cancel_job(self, job_id):
                return self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"] is True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let finished = try evidence.recording(CancelFinishedProbe.self)
        var facts: [Fact] = [try finished.jobs("jobs ended").fact]
        for outcome in CancelFinishedProbe.outcomes {
            let cancel = try finished.call("cancel \(outcome)")
            guard cancel.value == .bool(false) else {
                return .breached(
                    cancel.value == nil ? .raised : .returnedTrue,
                    Failure(
                        "cancel_job of a job that had \(outcome) gave \(cancel.outcome.phrase)", expected: "False",
                        seen: cancel.outcome.phrase, facts: [facts[0], cancel.fact]))
            }
            facts.append(cancel.fact)
        }
        return try judgeSecond(try evidence.recording(CancelRunningProbe.self), facts)
    }

    private static func judgeSecond(_ recording: Recording, _ facts: [Fact]) throws -> Finding<Breach> {
        let first = try recording.call("cancel")
        let second = try recording.call("second cancel")
        if let raised = second.raised, !raised.isA("CloudException") {
            return .breached(
                .secondRaised,
                Failure(
                    "a second cancel_job raised \(raised.type)", expected: "a bool", seen: raised.type, facts: [first.fact, second.fact]))
        }
        let (ended, cancelled) = try recording.jobs("job ended")
        guard cancelled.first?.status == Status.cancelled.rawValue else {
            throw PremiseMissing(reason: "the platform did not cancel the job", by: ended, clause: "CAN-02")
        }
        let before = try recording.call("status after")
        let after = try recording.call("status after the second cancel")
        let (record, jobs) = try recording.jobs("after the second cancel")
        guard after.value == before.value, jobs.first?.status == Status.cancelled.rawValue else {
            return .breached(
                .secondHarmed,
                Failure(
                    "a second cancel_job changed a cancelled job", expected: before.outcome.phrase, seen: after.outcome.phrase,
                    facts: [first.fact, before.fact, second.fact, after.fact, record]))
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst()) + [second.fact, after.fact, record]))
    }
}
