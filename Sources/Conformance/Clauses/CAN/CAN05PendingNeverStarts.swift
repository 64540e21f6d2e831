import Recording

enum CAN05PendingNeverStarts: Clause {
    enum Breach: String, BreachCode {
        case started
        case raised
    }

    static let id = "CAN-05"
    static let buildsOn = ["CAN-01"]
    static let probes: [any Probe.Type] = [CancelPendingProbe.self]
    static let page = Page(
        requires: "A job that is cancelled while it waits in the queue never starts.",
        why: "A caller cancels a waiting job because its result is no longer wanted. One that starts hours later, unwatched, is the most expensive kind.",
        breach: "cancel_job looks at the status first and only asks the platform about RUNNING jobs, or raises for pending ones.",
        mend: "Ask the platform to cancel whatever the status is; it knows best, and there is no race between the look and the question.",
        failing: """
            def cancel_job(self, job_id):
                if self.get_job_status(job_id) is not JobStatus.RUNNING:
                    return False          # a pending job starts later
                return self._cancel(job_id)
            """,
        passing: """
            def cancel_job(self, job_id):
                return self._cancel(job_id)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CancelPendingProbe.self)
        let (waits, _) = try recording.jobs("job waits")
        if recording.fact(CancelPendingProbe.submittedLate) != nil {
            return .notApplicable("submit_job returns only when the job has started, so that no caller has the id of a pending job")
        }
        let cancel = try recording.call("cancel")
        if cancel.value == nil {
            return .breached(
                .raised,
                Failure(
                    "cancel_job of a pending job raised \(cancel.outcome.phrase)", expected: "a job that never starts",
                    seen: cancel.outcome.phrase, facts: [waits, cancel.fact]))
        }
        let (end, jobs) = try recording.jobs("at the end")
        guard jobs.allSatisfy({ !$0.started }) else {
            return .breached(
                .started,
                Failure(
                    "a job that was cancelled while pending started all the same", expected: "a job that never starts",
                    seen: "a job that started", facts: [waits, cancel.fact, end]))
        }
        return .holds(Witness(waits, cancel.fact, end))
    }
}
