import Recording

enum STA03ExitZeroSucceeds: Clause {
    enum Breach: String, BreachCode {
        case neverEnds = "never-ends"
        case calledFailed = "called-failed"
        case calledCancelled = "called-cancelled"
    }

    static let id = "STA-03"
    static let buildsOn = ["STA-01"]
    static let probes: [any Probe.Type] = [ExitCodesProbe.self, FirstJobProbe.self]
    static let page = Page(
        requires: "A job whose code ended with exit code 0 becomes SUCCEEDED, within 10 s, whatever it wrote to stdout or stderr.",
        why: "Pipelines go on to the next step on SUCCEEDED only. Warnings on stderr are normal for every training library.",
        breach: "FAILED because something stands on stderr, or a job that stays RUNNING although the platform has ended it.",
        mend: "Take the status from the platform, which has it from the exit code; never from what the job wrote.",
        failing: """
            def get_job_status(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}")
                return JobStatus.FAILED if self._stderr(job_id) else JobStatus(job["status"])
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let endings = ExitCodesProbe.Ending.allCases.filter { $0.endsWell }
        let (wrong, witness) = try EndedAs.check(endings, .succeeded, evidence)
        if wrong == nil, let stale = try stale(evidence.recording(FirstJobProbe.self)) { return stale }
        guard let wrong else { return .holds(witness) }
        let breach: Breach =
            switch wrong.seen {
            case .pending, .running, .unknown: .neverEnds
            case .cancelled: .calledCancelled
            case .succeeded, .failed: .calledFailed
            }
        return .breached(
            breach,
            Failure(
                "get_job_status said \(wrong.seen.phrase) of a job that ended on the platform (\(wrong.ending.rawValue))",
                expected: "JobStatus.SUCCEEDED", seen: wrong.seen.phrase, facts: wrong.facts))
    }

    /// A job whose status was read once before its end, too: what a connector keeps of that read must not outlive the job for long.
    private static func stale(_ recording: Recording) throws -> Finding<Breach>? {
        let early = try recording.call("status at once")
        guard let (record, _) = try? recording.jobs("job ended"), let last = try? recording.call("status at the end"),
            let status = Status(last.value), !status.isTerminal
        else { return nil }
        return .breached(
            .neverEnds,
            Failure(
                "get_job_status kept saying \(status.phrase) of a job that had ended on the platform", expected: "JobStatus.SUCCEEDED",
                seen: status.phrase, facts: [early.fact, record, last.fact]))
    }
}
