import Recording

enum STA01ReturnsAMember: Clause {
    enum Breach: String, BreachCode {
        case returnedNone = "returned-none"
        case notMember = "not-member"
        case raised
        case stalled
    }

    static let id = "STA-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [FirstJobProbe.self]
    static let page = Page(
        requires: "get_job_status returns a member of JobStatus, and does not raise for a job that the platform has.",
        why: "Callers compare with JobStatus members. A str 'running' equals none of them, so that a waiting loop never ends.",
        breach: "The platform's own word as a str, None for a word that is not in the connector's table, an enum of its own.",
        mend: "Translate each of the platform's words to a JobStatus member, and what is not known to JobStatus.UNKNOWN.",
        failing: """
            def get_job_status(self, job_id):
                return self._get(f"/v1/jobs/{job_id}")["status"]    # a str
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        try MethodCheck.judge(.getJobStatus, evidence, probe: FirstJobProbe.self, raised: .raised, stalled: .stalled) { call, value in
            if Status(value) != nil { return nil }
            if let member = value.member, member.type == "JobStatus" {
                return (
                    .notMember,
                    Failure(
                        "get_job_status returned a member of another class named JobStatus",
                        expected: "a member of neural.integrations.JobStatus", seen: "another class of that name", facts: [call.fact])
                )
            }
            let isNone = value == Value.none
            return (
                isNone ? .returnedNone : .notMember,
                Failure(
                    "get_job_status returned \(isNone ? "None" : value.phrase)", expected: "a member of JobStatus",
                    seen: isNone ? "None" : PythonText.of(value), facts: [call.fact])
            )
        }
    }
}
