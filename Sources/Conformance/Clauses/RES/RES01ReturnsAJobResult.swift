import Recording

enum RES01ReturnsAJobResult: Clause {
    enum Breach: String, BreachCode {
        case returnedNone = "returned-none"
        case notJobResult = "not-job-result"
        case otherJobID = "other-job-id"
        case wrongFieldType = "wrong-field-type"
        case raised
        case stalled
    }

    static let id = "RES-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [FirstJobProbe.self]
    static let page = Page(
        requires: """
            get_job_result of a job that has ended returns a JobResult with the job_id that was asked for. status is a JobStatus, output,
            error and logs_url are str or None, metrics is a dict, artifacts a list of str, duration_seconds a number or None.
            """,
        why: "Callers read these fields without looking at their types: `result.metrics.items()` fails on None, in their code, not in yours.",
        breach: "The platform's answer as a dict, its internal id instead of the one asked for, the status as a str, a duration as text.",
        mend: "Build a JobResult from the answer, field by field, and leave out what the platform does not give: the defaults are right.",
        failing: """
            def get_job_result(self, job_id):
                return self._get(f"/v1/jobs/{job_id}/result")       # a dict
            """,
        passing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}/result")
                return JobResult(job_id=job_id, status=JobStatus(job["status"]), output=job["output"],
                                 error=(job["error"] or {}).get("message"), duration_seconds=job["usage"]["wall_seconds"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        try MethodCheck.judge(.getJobResult, evidence, probe: FirstJobProbe.self, raised: .raised, stalled: .stalled) { call, value in
            func failure(_ reason: String, _ expected: String, _ seen: String) -> Failure {
                Failure(reason, expected: expected, seen: seen, facts: [call.fact])
            }
            guard case .record(let record) = value, record.isContract, record.type != "ResourceConfig" else {
                let seen = value.phrase
                return (value == Value.none ? .returnedNone : .notJobResult, failure("get_job_result returned \(seen)", "a JobResult", seen))
            }
            if let asked = call.call.jobID, record["job_id"] != .string(asked) {
                let isString = record["job_id"]?.string != nil
                let seen = isString ? "another job_id" : "a job_id of type \(record["job_id"]?.typeName ?? "no type")"
                return (.otherJobID, failure("the JobResult has \(seen)", "the job_id that was asked for", seen))
            }
            for (name, expected, isRight) in fields where !isRight(record[name]) {
                let seen = record[name].map { $0.typeName } ?? "no such field"
                let phrase = seen == "list" ? "a list of other values" : "a value of type \(seen)"
                return (.wrongFieldType, failure("the JobResult's \(name) is not \(expected)", expected, phrase))
            }
            return nil
        }
    }

    private static let fields: [(name: String, expected: String, isRight: @Sendable (Value?) -> Bool)] = [
        ("status", "a JobStatus", { Status($0) != nil }),
        ("output", "a str or None", isTextOrNone),
        ("error", "a str or None", isTextOrNone),
        ("metrics", "a dict", { if case .dict? = $0 { true } else { false } }),
        ("artifacts", "a list of str", { $0?.items?.allSatisfy { $0.string != nil } ?? false }),
        ("logs_url", "a str or None", isTextOrNone),
        ("duration_seconds", "a number or None", isNumberOrNone),
    ]

    @Sendable private static func isTextOrNone(_ value: Value?) -> Bool { value == Value.none || value?.string != nil }

    /// A bool is no number here, though Python counts it as an int.
    @Sendable private static func isNumberOrNone(_ value: Value?) -> Bool {
        switch value {
        case .some(.none), .int, .double: true
        default: false
        }
    }
}
