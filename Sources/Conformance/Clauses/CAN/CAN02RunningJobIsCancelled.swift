import Recording

enum CAN02RunningJobIsCancelled: Clause {
    enum Breach: String, BreachCode {
        case returnedFalse = "returned-false"
        /// The platform was not asked, or did not do it.
        case notAsked = "not-asked"
        case shownAsFailed = "shown-as-failed"
        case shownAsSucceeded = "shown-as-succeeded"
        case notShown = "not-shown"
    }

    static let id = "CAN-02"
    static let buildsOn = ["CAN-01", "STA-01"]
    static let probes: [any Probe.Type] = [CancelRunningProbe.self]
    static let page = Page(
        requires: "cancel_job of a running job returns True, the platform cancels the job, and get_job_status then says CANCELLED: not FAILED, not SUCCEEDED.",
        why: "Cancelling is how a caller stops paying for a job. One that only seems cancelled runs on; one that is shown as FAILED is retried by whoever watches.",
        breach: "True without asking the platform, False although the job was stopped, or a status map without the platform's word for cancelled.",
        mend: "Ask the platform, answer with what it says, and map its cancelled state (also a \"killed by the user\") to JobStatus.CANCELLED.",
        failing: """
            def cancel_job(self, job_id):
                self._cancelled.add(job_id)          # the platform never hears of it
                return True
            """,
        passing: """
            def cancel_job(self, job_id):
                return self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"] is True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CancelRunningProbe.self)
        let running = try recording.jobs("job runs").fact
        let cancel = try recording.call("cancel")
        guard cancel.value == .bool(true) else {
            return .breached(
                .returnedFalse,
                Failure(
                    "cancel_job of a running job returned \(cancel.outcome.phrase)", expected: "True", seen: cancel.outcome.phrase,
                    facts: [running, cancel.fact]))
        }
        let (ended, jobs) = try recording.jobs("job ended")
        guard let job = jobs.first, job.status == Status.cancelled.rawValue else {
            return .breached(
                .notAsked,
                Failure(
                    "cancel_job returned True, but the platform did not cancel the job", expected: "a job that the platform cancelled",
                    seen: "a job that ran on", facts: [running, cancel.fact, ended]))
        }
        let status = try recording.call("status after")
        // Whether the status can be read at all after a cancellation is CAN-03's to say.
        if status.value != nil, let breach = breach(of: Status(status.value)) {
            return .breached(
                breach,
                Failure(
                    "a job that the platform cancelled is shown as \(status.outcome.phrase)", expected: "JobStatus.CANCELLED",
                    seen: status.outcome.phrase, facts: [cancel.fact, ended, status.fact]))
        }
        return .holds(Witness(running, cancel.fact, ended, status.fact))
    }

    private static func breach(of status: Status?) -> Breach? {
        switch status {
        case .cancelled: nil
        case .failed: .shownAsFailed
        case .succeeded: .shownAsSucceeded
        default: .notShown
        }
    }
}
