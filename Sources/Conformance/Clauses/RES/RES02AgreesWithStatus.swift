import Recording

enum RES02AgreesWithStatus: Clause {
    enum Breach: String, BreachCode {
        case differs
        case cancelledDiffers = "cancelled-differs"
    }

    static let id = "RES-02"
    static let buildsOn = ["RES-01", "STA-01"]
    static let probes: [any Probe.Type] = [FirstJobProbe.self, ExitCodesProbe.self, CancelledResultProbe.self]
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
        if let failure = endedForTheResultAlone(try evidence.recording(FirstJobProbe.self)) { return .breached(.differs, failure) }
        let recording = try evidence.recording(ExitCodesProbe.self)
        var facts: [Fact] = []
        var untrue: (ExitCodesProbe.Ending, CallFact)?
        for ending in ExitCodesProbe.Ending.allCases {
            let read = try recording.call("status of \(ending.rawValue)")
            let result = try recording.call("result of \(ending.rawValue)")
            // A status that is wrong by itself is for STA-03 and STA-04 to say, also where the result is right.
            guard try read.status() == (ending.endsWell ? .succeeded : .failed) else {
                untrue = untrue ?? (ending, read)
                continue
            }
            if let failure = try difference(read, result) { return .breached(.differs, failure) }
            facts += [read.fact, result.fact]
        }
        if let (read, result) = cancelled(evidence) {
            if let failure = try difference(read, result) { return .breached(.cancelledDiffers, failure) }
            facts += [read.fact, result.fact]
        }
        guard let first = facts.first else {
            throw PremiseMissing(
                reason: "get_job_status gave the right status of no job that had ended", by: untrue?.1.fact,
                clause: untrue?.0.endsWell == false ? "STA-04" : "STA-03")
        }
        return .holds(Witness(first, others: Array(facts.dropFirst())))
    }

    /// Where no job ever came to the platform: a result that says the end between two reads that say otherwise contradicts them.
    private static func endedForTheResultAlone(_ recording: Recording) -> Failure? {
        guard let before = try? recording.call("status"), let result = try? recording.call("result"),
            let after = try? recording.call("status after the result"), let first = Status(before.value), let second = Status(after.value),
            !first.isTerminal, !second.isTerminal, let said = Status(result.value?.record?["status"]), said.isTerminal
        else { return nil }
        return Failure(
            "the result says \(said.phrase), where get_job_status says \(second.phrase)", expected: second.phrase, seen: said.phrase,
            facts: [before.fact, result.fact, after.fact])
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
