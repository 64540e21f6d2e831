import Recording

enum STA06TerminalStays: Clause {
    enum Breach: String, BreachCode {
        case changed
        case left
    }

    static let id = "STA-06"
    static let buildsOn = ["STA-01"]
    static let probes: [any Probe.Type] = [EndedJobsProbe.self]
    static let page = Page(
        requires: "A status that is SUCCEEDED, FAILED or CANCELLED never changes, whatever is read, listed or cancelled afterwards.",
        why: "A terminal status is a promise: callers collect the result, free the machine and forget the job.",
        breach: "A status of the connector's own that cancel_job or get_logs overwrites; an entry that is dropped once it was read.",
        mend: "Ask the platform each time, or keep a terminal status for good once it was seen.",
        failing: """
            def get_job_status(self, job_id):
                return self._statuses.pop(job_id, JobStatus.RUNNING)        # the second read finds nothing
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let own = try evidence.recording(EndedJobsProbe.self)
        for recording in [own] + evidence.recordings.filter({ $0.probe != own.probe }) {
            for reads in StatusReads.of(recording) {
                if let breach = change(reads.reads) { return breach }
            }
        }
        var facts: [Fact] = []
        for outcome in EndedJobsProbe.outcomes {
            let first = try own.call("status of \(outcome)")
            guard try first.status().isTerminal else {
                throw PremiseMissing(reason: "get_job_status gave no terminal status of a job that had ended", by: first.fact, clause: outcome == "succeeded" ? "STA-03" : "STA-04")
            }
            for label in ["after the result", "after the logs", "at last"] {
                let read = try own.call("status of \(outcome) \(label)")
                _ = try read.status()
                facts.append(read.fact)
            }
            facts.append(first.fact)
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    private static func change(_ reads: [StatusReads.Read]) -> Finding<Breach>? {
        guard let end = reads.firstIndex(where: { $0.status.isTerminal }) else { return nil }
        let before = reads[end]
        guard let after = reads[end...].first(where: { $0.status != before.status }) else { return nil }
        return .breached(
            after.status.isTerminal ? .changed : .left,
            Failure(
                "get_job_status said \(after.status.phrase) after \(before.status.phrase)", expected: before.status.phrase,
                seen: after.status.phrase, facts: [before.fact, after.fact]))
    }
}
