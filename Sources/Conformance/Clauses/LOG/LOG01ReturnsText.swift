import Recording

enum LOG01ReturnsText: Clause {
    enum Breach: String, BreachCode {
        case returnedNone = "returned-none"
        case bytes
        case notString = "not-str"
        case raised
        case stalled
    }

    static let id = "LOG-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [FirstJobProbe.self, ExitCodesProbe.self, CancelledResultProbe.self]
    static let page = Page(
        requires: "get_logs returns the job's logs as a str, however the job ended.",
        why: "Logs are printed and searched as text. Bytes print as b'...', and a list of lines fails at the first `in`.",
        breach: "The body of the answer undecoded, a list of lines or events, or None where there is no log.",
        mend: "Decode the body (`.decode(\"utf-8\", errors=\"replace\")`), join lines with newlines, and return \"\" where nothing was written.",
        failing: """
            def get_logs(self, job_id):
                return self._send("GET", f"/v1/jobs/{job_id}/logs")          # bytes
            """,
        passing: """
            def get_logs(self, job_id):
                return self._send("GET", f"/v1/jobs/{job_id}/logs").decode("utf-8", errors="replace")
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        try MethodCheck.judge(.getLogs, evidence, probe: FirstJobProbe.self, raised: .raised, stalled: .stalled) { call, value in
            let failure = Failure("get_logs returned \(value.phrase)", expected: "a str", seen: value.phrase, facts: [call.fact])
            switch value {
            case .string: return nil
            case .none: return (.returnedNone, failure)
            case .bytes: return (.bytes, failure)
            default: return (.notString, failure)
            }
        }
    }
}
