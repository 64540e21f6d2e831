import Recording

enum RES07NothingBeforeTheEnd: Clause {
    enum Breach: String, BreachCode {
        case terminalEarly = "terminal-early"
        case wrongException = "wrong-exception"
    }

    static let id = "RES-07"
    static let buildsOn = ["RES-01", "SUB-08"]
    static let probes: [any Probe.Type] = [EarlyResultProbe.self]
    static let page = Page(
        requires: """
            Asked for the result of a job that still runs, get_job_result raises CloudException, waits until the end, or returns a JobResult
            whose status is not terminal. It never gives a terminal one.
            """,
        why: "A caller who asks too early must learn it. A half-written output that says SUCCEEDED is taken for the whole.",
        breach: "SUCCEEDED by default because the answer has no error yet; a KeyError because the answer has no output yet.",
        mend: "Look at the status first: while it is not terminal, raise CloudException or wait.",
        failing: """
            def get_job_result(self, job_id):
                logs = self.get_logs(job_id)
                return JobResult(job_id=job_id, status=JobStatus.SUCCEEDED, output=logs)
            """,
        passing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}")
                if job["status"] in ("pending", "running"):
                    raise CloudException(f"job {job_id} has not ended")
                ...
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(EarlyResultProbe.self)
        let running = try recording.jobs("job runs").fact
        let alive = try recording.processes("processes meanwhile")
        let call = try recording.call("result before the end")
        guard alive.alive > 0, let release = recording.fact("release") else {
            throw PremiseMissing(reason: "the job did not stay alive while its result was asked for", by: alive.fact)
        }
        if let exception = call.raised, !exception.isA("CloudException") {
            return breach(.wrongException, "raised \(exception.type)", exception.type, [running, alive.fact, call.fact])
        }
        // What comes after the job was let go is an answer at the end: it waited.
        let waited = call.fact.sequence > release.sequence
        if !waited, let status = Status(call.value?.record?["status"]), status.isTerminal {
            return breach(.terminalEarly, "said \(status.phrase)", status.phrase, [running, call.fact, alive.fact])
        }
        return .holds(Witness(running, alive.fact, call.fact))
    }

    private static func breach(_ breach: Breach, _ did: String, _ seen: String, _ facts: [Fact]) -> Finding<Breach> {
        .breached(
            breach,
            Failure(
                "get_job_result \(did) while the job ran", expected: "CloudException, a wait until the end, or a status that is not terminal",
                seen: seen, facts: facts))
    }
}
