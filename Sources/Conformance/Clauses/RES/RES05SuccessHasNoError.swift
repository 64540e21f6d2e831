import Recording

enum RES05SuccessHasNoError: Clause {
    enum Breach: String, BreachCode {
        case text
        case emptyString = "empty-str"
    }

    static let id = "RES-05"
    static let buildsOn = ["RES-01"]
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: "The result of a job that SUCCEEDED has `error` None, also where the job wrote to stderr.",
        why: "Many callers ask `if result.error:` or `is not None` before anything else. Warnings on stderr are no error.",
        breach: "`error` is the job's stderr, or an empty str where there was none.",
        mend: "Set `error` only for a job that did not succeed.",
        failing: """
            return JobResult(job_id=job_id, status=status, output=output, error=stderr)
            """,
        passing: """
            error = None if status is JobStatus.SUCCEEDED else reason
            return JobResult(job_id=job_id, status=status, output=output, error=error)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ExitCodesProbe.self)
        var facts: [Fact] = []
        for ending in [ExitCodesProbe.Ending.plain, .noisy] {
            let call = try recording.call("result of \(ending.rawValue)")
            let result = try call.result()
            guard Status(result["status"]) == .succeeded else {
                throw PremiseMissing(reason: "the result of a job that succeeded does not say SUCCEEDED", by: call.fact, clause: "RES-02")
            }
            if let error = result["error"]?.string {
                let seen = error.isEmpty ? "an empty str" : "a text"
                return .breached(
                    error.isEmpty ? .emptyString : .text,
                    Failure(
                        "the result of a job that succeeded has \(seen) as its error\(ending == .noisy ? "; the job wrote to stderr" : "")",
                        expected: "None", seen: seen, facts: [call.fact]))
            }
            facts.append(call.fact)
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }
}
