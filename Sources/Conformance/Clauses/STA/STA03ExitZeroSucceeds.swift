import Recording

enum STA03ExitZeroSucceeds: Clause {
    enum Breach: String, BreachCode {
        case neverEnds = "never-ends"
        case calledFailed = "called-failed"
        case calledCancelled = "called-cancelled"
    }

    static let id = "STA-03"
    static let buildsOn = ["SUB-01", "STA-01"]
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: "A job whose code ended with exit code 0 becomes SUCCEEDED, whatever it wrote to stdout or stderr.",
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
}
