import Recording

enum SUB01ReturnsAnID: Clause {
    enum Breach: String, BreachCode {
        case returnedNone = "returned-none"
        case notString = "not-str"
        case empty
        case raised
        case stalled
    }

    static let id = "SUB-01"
    static let probes: [any Probe.Type] = [FirstJobProbe.self]
    static let page = Page(
        requires: "submit_job returns the new job's id: a str that is not empty.",
        why: "Every later call names the job by this id. A caller who gets None, an int or a response object fails far from the cause.",
        breach: "None because a `return` was forgotten, the platform's number as an int, or the whole answer as a dict.",
        mend: "Return the id out of the platform's answer as a str; where the answer has none, raise CloudExecutionError.",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                self._post("/v1/jobs", {"code": code})          # returns None
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                job = self._post("/v1/jobs", {"code": code})
                return str(job["id"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        // A parameter that is refused under its documented name is for SUB-04.
        let forms = try? evidence.recording(SubmitFormsProbe.self).call(SubmitFormsProbe.Form.keyword.rawValue)
        return try MethodCheck.judge(
            .submitJob, evidence, probe: FirstJobProbe.self, raised: .raised, stalled: .stalled,
            excused: { forms?.raised != nil && $0.raised?.type == forms?.raised?.type && $0.call.arguments.count > 1 }
        ) { call, value in
            func failure(_ seen: String) -> Failure {
                Failure("submit_job returned \(seen)", expected: "a non-empty str", seen: seen, facts: [call.fact])
            }
            switch value {
            case .string(let id): return id.isEmpty ? (.empty, failure("an empty str")) : nil
            case .none: return (.returnedNone, failure("None"))
            // A str that the recorder could not write down; no request can carry it.
            case .other("str", let repr):
                return (.notString, failure(repr.hasPrefix("<") ? "a str of many millions of characters" : "a str with a lone surrogate"))
            default: return (.notString, failure("a value of type \(value.typeName)"))
            }
        }
    }
}
