import Recording

enum STA04CrashFails: Clause {
    enum Breach: String, BreachCode {
        case neverEnds = "never-ends"
        case calledSucceeded = "called-succeeded"
        case calledCancelled = "called-cancelled"
    }

    static let id = "STA-04"
    static let buildsOn = ["STA-01"]
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: "A job that exits with another code than 0, ends by an exception or is killed by a signal becomes FAILED.",
        why: "A crash that is shown as a success is found by whoever deploys the model.",
        breach: "SUCCEEDED for whatever has ended; CANCELLED for a job that was killed by the system, for want of memory say.",
        mend: "Translate the platform's failed state, and each way to crash that it tells apart, to JobStatus.FAILED.",
        failing: """
            def get_job_status(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}")
                return JobStatus.SUCCEEDED if job["finished_at"] else JobStatus.RUNNING
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let endings = ExitCodesProbe.Ending.allCases.filter { !$0.endsWell }
        let (wrong, witness) = try EndedAs.check(endings, .failed, evidence)
        guard let wrong else { return .holds(witness) }
        let breach: Breach =
            switch wrong.seen {
            case .pending, .running, .unknown: .neverEnds
            case .cancelled: .calledCancelled
            case .succeeded, .failed: .calledSucceeded
            }
        return .breached(
            breach,
            Failure(
                "get_job_status said \(wrong.seen.phrase) of a job that ended on the platform (\(wrong.ending.rawValue))",
                expected: "JobStatus.FAILED", seen: wrong.seen.phrase, facts: wrong.facts))
    }
}
