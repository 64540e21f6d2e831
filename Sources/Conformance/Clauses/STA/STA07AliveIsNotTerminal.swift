import Recording

enum STA07AliveIsNotTerminal: Clause {
    enum Breach: String, BreachCode {
        case endedEarly = "ended-early"
    }

    static let id = "STA-07"
    static let buildsOn = ["STA-01", "SUB-08"]
    static let probes: [any Probe.Type] = [JobLifeProbe.self]
    static let page = Page(
        requires: "While a process of the job lives, its status is not SUCCEEDED, FAILED or CANCELLED.",
        why: "Whoever believes that a job has ended reads half a result and gives the machine away, while the job still writes and costs money.",
        breach: "SUCCEEDED as soon as there is some output or after a few reads; FAILED because the connector's own patience ended.",
        mend: "Say only what the platform says. A connector that grows impatient raises; it does not invent an end.",
        failing: """
            def get_job_status(self, job_id):
                if self.get_logs(job_id):                           # it has printed something
                    return JobStatus.SUCCEEDED
                return JobStatus.RUNNING
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(JobLifeProbe.self)
        let before = try recording.processes("processes before the reads")
        let after = try recording.fact("processes after the reads").map { _ in try recording.processes("processes after the reads") }
        // A process that lives after a read has lived at the read.
        guard before.alive > 0, after.map({ $0.alive > 0 }) ?? true else {
            throw PremiseMissing(reason: "the job's process did not stay alive while its status was read", by: before.fact)
        }
        var reads: [Fact] = []
        for label in JobLifeProbe.runningReads {
            let read = try recording.call(label)
            let status = try read.status()
            if status.isTerminal {
                return .breached(
                    .endedEarly,
                    Failure(
                        "get_job_status said \(status.phrase) while the job's process lived", expected: "a status that is not terminal",
                        seen: status.phrase, facts: [before.fact, read.fact] + (after.map { [$0.fact] } ?? [])))
            }
            reads.append(read.fact)
        }
        return .holds(Witness(before.fact, others: reads + [try recording.processes("processes after the reads").fact]))
    }
}
