import Recording

enum CAN06FinishedStaysAsItWas: Clause {
    enum Breach: String, BreachCode {
        case statusChanged = "status-changed"
        case resultChanged = "result-changed"
    }

    static let id = "CAN-06"
    static let buildsOn = ["CAN-01"]
    static let probes: [any Probe.Type] = [CancelFinishedProbe.self]
    static let page = Page(
        requires: "cancel_job of a job that has ended, well or not, leaves its status and its result as they were.",
        why: "Clean-up code cancels everything it started. If that turns finished jobs into cancelled ones, results that were paid for are thrown away.",
        breach: "The connector notes CANCELLED in a table of its own as soon as cancel_job is called, or deletes the job and its output.",
        mend: "Keep no status of your own. Where one must be kept, change it only when the platform says that it did cancel.",
        failing: """
            def cancel_job(self, job_id):
                self._post(f"/v1/jobs/{job_id}/cancel")
                self._status[job_id] = JobStatus.CANCELLED          # also where it had ended before
                return True
            """,
        passing: """
            def cancel_job(self, job_id):
                return self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"] is True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CancelFinishedProbe.self)
        var facts = [try recording.jobs("jobs ended").fact]
        for outcome in CancelFinishedProbe.outcomes {
            let cancel = try recording.call("cancel \(outcome)")
            let status = (
                before: try recording.call("status of \(outcome) before"), after: try recording.call("status of \(outcome) after")
            )
            guard status.before.value == status.after.value else {
                return .breached(
                    .statusChanged,
                    Failure(
                        "cancel_job changed the status of a job that had \(outcome)", expected: status.before.outcome.phrase,
                        seen: status.after.outcome.phrase, facts: [status.before.fact, cancel.fact, status.after.fact]))
            }
            let result = (
                before: try recording.call("result of \(outcome) before"), after: try recording.call("result of \(outcome) after")
            )
            if let seen = difference(result.before, result.after) {
                return .breached(
                    .resultChanged,
                    Failure(
                        "cancel_job changed the result of a job that had \(outcome)", expected: "the result as it was before",
                        seen: seen, facts: [result.before.fact, cancel.fact, result.after.fact]))
            }
            facts += [cancel.fact, status.after.fact, result.after.fact]
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    /// What differs in the fields that say how the job went. Links (also those to artifacts), durations and the wording of an error may
    /// be made anew each time.
    private static func difference(_ before: CallFact, _ after: CallFact) -> String? {
        guard let old = before.value?.record else { return nil }
        guard let new = after.value?.record else { return after.outcome.phrase }
        for name in ["status", "output", "metrics"] where old[name] != new[name] { return "another \(name)" }
        if old["artifacts"]?.items?.count != new["artifacts"]?.items?.count { return "other artifacts" }
        return isEmpty(old["error"]) == isEmpty(new["error"]) ? nil : "another error"
    }

    private static func isEmpty(_ error: Value?) -> Bool {
        let error = error ?? Value.none
        return error == Value.none || error == .string("")
    }
}
