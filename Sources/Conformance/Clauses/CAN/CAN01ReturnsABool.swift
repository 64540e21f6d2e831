import Recording

enum CAN01ReturnsABool: Clause {
    enum Breach: String, BreachCode {
        case returnedNone = "returned-none"
        case notBool = "not-bool"
        case raised
        case stalled
    }

    static let id = "CAN-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [CancelRunningProbe.self, CancelFinishedProbe.self, CancelUnknownProbe.self]
    static let page = Page(
        requires: "cancel_job returns a bool: True where it cancelled the job, False where it did not. It does not raise for a running job.",
        why: "Callers write `if connector.cancel_job(id):`. None reads as \"not cancelled\", and a response object as \"cancelled\" even where it tells of a failure.",
        breach: "None because a `return` was forgotten, the platform's answer as a dict, or an HTTP status as an int.",
        mend: "Return True or False from what the platform answers, never the answer itself.",
        failing: """
            def cancel_job(self, job_id):
                self._post(f"/v1/jobs/{job_id}/cancel")          # returns None
            """,
        passing: """
            def cancel_job(self, job_id):
                answer = self._post(f"/v1/jobs/{job_id}/cancel")
                return answer["cancelled"] is True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        do {
            return try judge(evidence, witnessIn: CancelRunningProbe.self)
        } catch let missing as PremiseMissing {
            // Where no job can be held or none runs, another cancellation shows the type as well.
            for probe in probes.dropFirst() {
                if let finding = try? judge(evidence, witnessIn: probe) { return finding }
            }
            throw missing
        }
    }

    private static func judge(_ evidence: Evidence, witnessIn probe: any Probe.Type) throws -> Finding<Breach> {
        try MethodCheck.judge(.cancelJob, evidence, probe: probe, raised: .raised, stalled: .stalled) { call, value in
            if case .bool = value { return nil }
            let failure = Failure("cancel_job returned \(value.phrase)", expected: "a bool", seen: value.phrase, facts: [call.fact])
            return (value == Value.none ? .returnedNone : .notBool, failure)
        }
    }
}
