import Recording

enum CON02SecondViewAgrees: Clause {
    enum Breach: String, BreachCode {
        case otherStatus = "other-status"
        case otherResult = "other-result"
        case otherLogs = "other-logs"
        case notListed = "not-listed"
    }

    static let id = "CON-02"
    static let buildsOn = ["LST-04", "STA-01"]
    static let probes: [any Probe.Type] = [SecondViewProbe.self]
    static let page = Page(
        requires: "A second instance of the connector with the same credentials, and one in a second process, see the same jobs: get_job_status, get_job_result, get_logs and list_jobs answer them as they answer the instance that submitted.",
        why: "A notebook's kernel restarts; a web worker answers for a job that another submitted. What only the first instance knows is lost with it.",
        breach: "Ids, statuses or names kept in a dict of the instance or of the module, and not asked of the platform.",
        mend: "Make the id sufficient: every method asks the platform by it. Keep caches, if any, only for what the platform can tell again.",
        failing: """
            def get_job_status(self, job_id):
                if job_id not in self._jobs:          # filled by submit_job
                    return JobStatus.UNKNOWN
                return self._status(self._jobs[job_id])
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(SecondViewProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs ended")
        var facts: [Fact] = []
        for viewer in SecondViewProbe.viewers {
            for outcome in SecondViewProbe.outcomes {
                let own = try recording.call("status of \(outcome) to the owner")
                let seen = try recording.call("status of \(outcome) to the \(viewer)")
                guard seen.value == own.value else {
                    return .breached(
                        .otherStatus,
                        Failure(
                            "get_job_status of a \(viewer) says \(seen.outcome.phrase)", expected: own.outcome.phrase,
                            seen: seen.outcome.phrase, facts: [own.fact, seen.fact]))
                }
                facts.append(seen.fact)
                if let (breach, failure) = try unlike(recording, outcome, viewer) { return .breached(breach, failure) }
            }
            let list = try recording.call("list of the \(viewer)")
            let ids = (list.value?.items ?? []).compactMap { $0["job_id"]?.string }
            guard submitted.jobs.allSatisfy({ ids.contains($0.id) }) else {
                return .breached(
                    .notListed,
                    Failure(
                        "list_jobs of a \(viewer) lacks a job", expected: "the jobs of the first instance", seen: list.outcome.phrase,
                        facts: submitted.jobs.map(\.submission.fact) + [list.fact]))
            }
            facts.append(list.fact)
        }
        return .holds(Witness(submitted.record, others: facts))
    }

    /// What the viewer reads of a job that has ended, where the owner can read it. What a text is cut or decorated with may differ.
    private static func unlike(_ recording: Recording, _ outcome: String, _ viewer: String) throws -> (Breach, Failure)? {
        for (what, breach) in [("result", Breach.otherResult), ("logs", .otherLogs)] {
            let own = try recording.call("\(what) of \(outcome) to the owner")
            let seen = try recording.call("\(what) of \(outcome) to the \(viewer)")
            guard let value = own.value else { continue }
            let status = value.record?["status"]
            let isEmpty = seen.value == .string("") && value != .string("")
            if let other = seen.value, !isEmpty, status == nil || other.record?["status"] == status { continue }
            return (
                breach,
                Failure(
                    "\(seen.call.method) of a \(viewer) gives \(seen.outcome.phrase) where the first instance gets an answer",
                    expected: "what the first instance gets", seen: seen.outcome.phrase, facts: [own.fact, seen.fact])
            )
        }
        return nil
    }
}
