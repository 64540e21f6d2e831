import Recording

enum CAN03StaysKnown: Clause {
    enum Breach: String, BreachCode {
        case statusLost = "status-lost"
        case notListed = "not-listed"
    }

    static let id = "CAN-03"
    static let buildsOn = ["CAN-01", "LST-04"]
    static let probes: [any Probe.Type] = [CancelRunningProbe.self]
    static let page = Page(
        requires: "A job that was cancelled can still be queried by get_job_status and still appears in list_jobs.",
        why: "Whoever cancels wants to see that it worked, and what a job cost before it was stopped is still owed.",
        breach: "The connector drops the id from its own table, so that get_job_status raises, or list_jobs leaves cancelled jobs out.",
        mend: "Ask the platform for status and list every time; a cancelled job is one with a status like any other.",
        failing: """
            def cancel_job(self, job_id):
                cancelled = self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"]
                del self._jobs[job_id]          # get_job_status raises from now on
                return cancelled
            """,
        passing: """
            def cancel_job(self, job_id):
                return self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"] is True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CancelRunningProbe.self)
        let id = try recording.call("submit").value?.string
        let cancel = try recording.call("cancel")
        let (ended, jobs) = try recording.jobs("job ended")
        guard jobs.first?.status == Status.cancelled.rawValue else {
            throw PremiseMissing(reason: "the platform did not cancel the job", by: ended, clause: "CAN-02")
        }
        let status = try recording.call("status after")
        guard status.value != nil else {
            return .breached(
                .statusLost,
                Failure(
                    "get_job_status of a cancelled job raised \(status.outcome.phrase)", expected: "JobStatus.CANCELLED",
                    seen: status.outcome.phrase, facts: [cancel.fact, ended, status.fact]))
        }
        let list = try recording.call("list after")
        guard let rows = list.value?.items, rows.contains(where: { $0["job_id"]?.string == id }) else {
            return .breached(
                .notListed,
                Failure(
                    "list_jobs leaves a cancelled job out", expected: "a row with the job's id", seen: list.outcome.phrase,
                    facts: [cancel.fact, ended, list.fact]))
        }
        return .holds(Witness(cancel.fact, ended, status.fact, list.fact))
    }
}
