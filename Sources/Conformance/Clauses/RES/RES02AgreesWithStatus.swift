import Recording

enum RES02AgreesWithStatus: Clause {
    enum Breach: String, BreachCode {
        case differs
        case cancelledDiffers = "cancelled-differs"
    }

    static let id = "RES-02"
    static let buildsOn = ["RES-01", "STA-03", "STA-04"]
    static let probes: [any Probe.Type] = [ExitCodesProbe.self, CancelledResultProbe.self]
    static let page = Page(
        requires: "Once get_job_status gives a terminal status, the status in get_job_result is the same: SUCCEEDED, FAILED or CANCELLED.",
        why: "One caller looks at the status, another at the result. If they differ, one of them deploys a model that never was trained.",
        breach: "A result that always says SUCCEEDED, or that knows only SUCCEEDED and FAILED and puts a cancelled job among the failed.",
        mend: "Translate the platform's word in one function, and use it for both methods.",
        failing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}/result")
                return JobResult(job_id=job_id, status=JobStatus.SUCCEEDED, output=job["output"])
            """,
        passing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}/result")
                return JobResult(job_id=job_id, status=JobStatus(job["status"]), output=job["output"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ExitCodesProbe.self)
        var facts: [Fact] = []
        for ending in ExitCodesProbe.Ending.allCases {
            let read = try recording.call("status of \(ending.rawValue)")
            let result = try recording.call("result of \(ending.rawValue)")
            guard try read.status().isTerminal else { continue }
            if let failure = try difference(read, result) { return .breached(.differs, failure) }
            facts += [read.fact, result.fact]
        }
        if let (read, result) = cancelled(evidence) {
            if let failure = try difference(read, result) { return .breached(.cancelledDiffers, failure) }
            facts += [read.fact, result.fact]
        }
        guard let first = facts.first else {
            throw PremiseMissing(reason: "get_job_status gave no terminal status of any job that had ended", by: nil)
        }
        return .holds(Witness(first, others: Array(facts.dropFirst())))
    }

    /// The cancelled job, where a live job could be had and was cancelled: whether it could is for other clauses.
    private static func cancelled(_ evidence: Evidence) -> (read: CallFact, result: CallFact)? {
        guard let recording = try? evidence.recording(CancelledResultProbe.self), let read = try? recording.call("status"),
            let result = try? recording.call("result"), Status(read.value)?.isTerminal == true
        else { return nil }
        return (read, result)
    }

    private static func difference(_ read: CallFact, _ result: CallFact) throws -> Failure? {
        let status = try read.status()
        let other = Status(try result.result()["status"])
        guard other != status else { return nil }
        let seen = other?.phrase ?? "no JobStatus"
        return Failure(
            "the result says \(seen), where get_job_status says \(status.phrase)", expected: status.phrase, seen: seen,
            facts: [read.fact, result.fact])
    }
}
