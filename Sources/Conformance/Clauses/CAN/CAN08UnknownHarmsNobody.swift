import Recording

enum CAN08UnknownHarmsNobody: Clause {
    enum Breach: String, BreachCode {
        case returnedTrue = "returned-true"
        case otherException = "other-exception"
        case otherJobHarmed = "other-job-harmed"
    }

    static let id = "CAN-08"
    static let buildsOn = ["CAN-01"]
    static let probes: [any Probe.Type] = [CancelUnknownProbe.self]
    static let page = Page(
        requires: "cancel_job of an id that no job has returns False or raises CloudException, and touches no other job.",
        why: "A caller with a stale or mistyped id must learn that nothing was cancelled, and must not stop somebody else's work by it.",
        breach: "True for every id, a KeyError out of the connector's own table, or the last submitted job cancelled instead.",
        mend: "Ask the platform by that id; turn its \"not found\" into False or CloudException.",
        failing: """
            def cancel_job(self, job_id):
                return self._jobs[job_id].cancel()          # KeyError
            """,
        passing: """
            def cancel_job(self, job_id):
                try:
                    return self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"] is True
                except NotFound:
                    return False
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CancelUnknownProbe.self)
        let running = try recording.jobs("job runs").fact
        let cancel = try recording.call("cancel unknown")
        let facts = [running, cancel.fact]
        if let raised = cancel.raised, !raised.isA("CloudException") {
            return .breached(
                .otherException,
                Failure(
                    "cancel_job of an unknown id raised \(raised.type)", expected: "False or CloudException", seen: raised.type,
                    facts: facts))
        }
        if cancel.value == .bool(true) {
            return .breached(
                .returnedTrue,
                Failure("cancel_job of an unknown id returned True", expected: "False or CloudException", seen: "True", facts: facts))
        }
        let at = try recording.jobs("after the cancellation")
        let end = try recording.jobs("job ended")
        guard recording.fact("hold at running") != nil else {
            throw PremiseMissing(reason: "submit_job blocks until the job's end, so that no other job lives", by: nil, clause: "SUB-08")
        }
        guard at.jobs.allSatisfy({ $0.status == Status.running.rawValue }),
            end.jobs.allSatisfy({ $0.status == Status.succeeded.rawValue })
        else {
            return .breached(
                .otherJobHarmed,
                Failure(
                    "cancel_job of an unknown id did not leave the other job alone", expected: "a job that runs on and succeeds",
                    seen: "a job that did not", facts: facts + [at.fact, end.fact]))
        }
        return .holds(Witness(running, cancel.fact, at.fact, end.fact))
    }
}
