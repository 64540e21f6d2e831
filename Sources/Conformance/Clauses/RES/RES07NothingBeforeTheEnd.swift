import Recording

enum RES07NothingBeforeTheEnd: Clause {
    enum Breach: String, BreachCode {
        case terminalEarly = "terminal-early"
        case terminalPending = "terminal-while-pending"
        case wrongException = "wrong-exception"
    }

    static let id = "RES-07"
    static let buildsOn = ["RES-01", "SUB-08"]
    static let probes: [any Probe.Type] = [EarlyResultProbe.self]
    static let page = Page(
        requires: """
            Asked for the result of a job that still waits or runs, get_job_result raises CloudException, waits until the end, or returns a JobResult
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
        if let finding = whilePending(recording) { return finding }
        let running = try recording.jobs("job runs").fact
        let alive = try recording.processes("processes meanwhile")
        // Who waits for the end already in the call that was made while the job was pending is asked once.
        let whileRunning = recording.fact(EarlyResultProbe.whileRunning) != nil
        let call = try recording.call(
            whileRunning || recording.fact(EarlyResultProbe.whilePending) == nil
                ? EarlyResultProbe.whileRunning : EarlyResultProbe.whilePending)
        guard alive.alive > 0, let release = recording.facts.last(where: { $0.label.hasPrefix("release") }) else {
            throw PremiseMissing(reason: "the job did not stay alive while its result was asked for", by: alive.fact)
        }
        if let exception = call.raised, !exception.isA("CloudException") {
            return breach(.wrongException, "raised \(exception.type) while the job ran", exception.type, [running, alive.fact, call.fact])
        }
        // What comes after the job was let go is an answer at the end: it waited.
        let waited = call.fact.sequence > release.sequence
        if !waited, let status = Status(call.value?.record?["status"]), status.isTerminal {
            return breach(.terminalEarly, "said \(status.phrase) while the job ran", status.phrase, [running, call.fact, alive.fact])
        }
        return .holds(Witness(running, alive.fact, call.fact))
    }

    /// The call that returned while the job was kept from starting, where it did.
    private static func whilePending(_ recording: Recording) -> Finding<Breach>? {
        guard let call = try? recording.call(EarlyResultProbe.whilePending), let (record, jobs) = try? recording.jobs("job is pending still"),
            call.fact.sequence < record.sequence, jobs.first?.started == false
        else { return nil }
        if let exception = call.raised, !exception.isA("CloudException") {
            return breach(.wrongException, "raised \(exception.type) while the job waited", exception.type, [call.fact, record])
        }
        guard let status = Status(call.value?.record?["status"]), status.isTerminal else { return nil }
        return breach(.terminalPending, "said \(status.phrase) while the job waited", status.phrase, [call.fact, record])
    }

    private static func breach(_ breach: Breach, _ did: String, _ seen: String, _ facts: [Fact]) -> Finding<Breach> {
        .breached(
            breach,
            Failure(
                "get_job_result \(did)", expected: "CloudException, a wait until the end, or a status that is not terminal",
                seen: seen, facts: facts))
    }
}
