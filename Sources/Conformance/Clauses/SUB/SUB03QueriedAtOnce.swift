import Recording

enum SUB03QueriedAtOnce: Clause {
    enum Breach: String, BreachCode {
        case raised
        case unknown = "unknown-at-once"
    }

    static let id = "SUB-03"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [FirstJobProbe.self, SubmitReturnsProbe.self]
    static let page = Page(
        requires: """
            The id that submit_job returned can be given to get_job_status at once. One UNKNOWN in passing is allowed; an exception, or
            UNKNOWN read after read while the platform has the job, is not.
            """,
        why: "The next line of every program asks for the job. A caller who is told that the job does not exist submits it again.",
        breach: "The id is noted by a background thread, or looked up in a list that the platform refreshes later: the first reads find nothing.",
        mend: "Return from submit_job only when the platform has acknowledged the job, and read by the id that it gave.",
        failing: """
            def get_job_status(self, job_id):
                if job_id not in self._seen:                        # filled by list_jobs only
                    return JobStatus.UNKNOWN
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let plain = try evidence.recording(FirstJobProbe.self)
        let first = try plain.call("status at once")
        if let (record, jobs) = try? plain.jobs("job ended"), jobs.isEmpty {
            throw PremiseMissing(reason: "the platform has no job", by: record, clause: "SUB-05")
        }
        if let breach = raised(first) { return breach }
        let recording = try evidence.recording(SubmitReturnsProbe.self)
        let submit = try recording.call("submit")
        let record = try recording.jobs("job runs").fact
        let reads = try SubmitReturnsProbe.reads.map { try recording.call($0) }
        for read in reads {
            if let breach = raised(read) { return breach }
        }
        if try reads.allSatisfy({ try $0.status() == .unknown }) {
            return .breached(
                .unknown,
                Failure(
                    "get_job_status kept saying UNKNOWN of a job just submitted", expected: "the job's status within a few reads",
                    seen: "JobStatus.UNKNOWN each time", facts: [submit.fact, record] + reads.map(\.fact)))
        }
        return .holds(Witness(first.fact, others: [submit.fact] + reads.map(\.fact)))
    }

    private static func raised(_ read: CallFact) -> Finding<Breach>? {
        guard let exception = read.raised else { return nil }
        return .breached(
            .raised,
            Failure(
                "get_job_status raised \(exception.type) for a job just submitted", expected: "the job's status",
                seen: "\(exception.type)", facts: [read.fact]))
    }
}
