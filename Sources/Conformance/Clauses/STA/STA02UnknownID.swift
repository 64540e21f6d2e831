import Recording

enum STA02UnknownID: Clause {
    enum Breach: String, BreachCode {
        case inventedStatus = "invented-status"
        case wrongException = "wrong-exception"
    }

    static let id = "STA-02"
    static let buildsOn = ["STA-01"]
    static let probes: [any Probe.Type] = [UnknownIDProbe.self]
    static let page = Page(
        requires: "Asked for an id that no job has, get_job_status returns UNKNOWN or raises CloudException. It never gives another status.",
        why: "A mistyped id that is 'running' is waited for all night; one that has 'failed' starts a search for an error that never was.",
        breach: "RUNNING or FAILED as the answer for everything that the platform does not know, or the KeyError of the connector's own table.",
        mend: "Ask the platform. Turn its 'not found' into JobStatus.UNKNOWN or a CloudException.",
        failing: """
            def get_job_status(self, job_id):
                try:
                    return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
                except NotFound:
                    return JobStatus.FAILED
            """,
        passing: """
            def get_job_status(self, job_id):
                try:
                    return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
                except NotFound:
                    return JobStatus.UNKNOWN
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(UnknownIDProbe.self)
        // The near miss: the id that it was made from is known, so that a refusal is about the job and not about the form of the id.
        let known = try recording.call("status of known")
        let unknown = try recording.call("status of unknown")
        if let exception = unknown.raised, !exception.isA("CloudException") {
            return breach(.wrongException, "raised \(exception.type)", exception.type, unknown)
        }
        if let status = Status(unknown.value), status != .unknown {
            return breach(.inventedStatus, "said \(status.phrase)", status.phrase, unknown)
        }
        guard try known.status() != .unknown else {
            throw PremiseMissing(reason: "get_job_status said UNKNOWN of a known job too", by: known.fact, clause: "SUB-03")
        }
        return .holds(Witness(known.fact, unknown.fact))
    }

    private static func breach(_ breach: Breach, _ did: String, _ seen: String, _ call: CallFact) -> Finding<Breach> {
        .breached(
            breach,
            Failure(
                "get_job_status \(did) for an id that no job has", expected: "JobStatus.UNKNOWN or CloudException", seen: seen,
                facts: [call.fact]))
    }
}
