import Recording

enum RES04FailureIsExplained: Clause {
    enum Breach: String, BreachCode {
        case none
        case empty
    }

    static let id = "RES-04"
    static let buildsOn = ["RES-01"]
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: "The result of a job that FAILED has an `error` that says something, also where the job wrote nothing to stderr.",
        why: "`raise RuntimeError(result.error)` without a text is the worst report that a nightly run can give.",
        breach: "`error` is the job's stderr, which is empty for `sys.exit(3)` and for a job that the system killed.",
        mend: "Where the platform gives no message, name the exit code or the signal.",
        failing: """
            return JobResult(job_id=job_id, status=status, output=output, error=stderr)
            """,
        passing: """
            error = stderr or f"ended with exit code {job['exit_code']}"
            return JobResult(job_id=job_id, status=status, output=output, error=error)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ExitCodesProbe.self)
        var facts: [Fact] = []
        for ending in ExitCodesProbe.Ending.allCases.filter({ !$0.endsWell }) {
            let call = try recording.call("result of \(ending.rawValue)")
            let result = try call.result()
            guard Status(result["status"]) == .failed else {
                throw PremiseMissing(reason: "the result of a job that failed does not say FAILED", by: call.fact, clause: "RES-02")
            }
            let error = result["error"]?.string
            if error?.contains(where: { !$0.isWhitespace }) != true {
                let seen = error == nil ? "None" : "a str without text"
                return .breached(
                    error == nil ? .none : .empty,
                    Failure(
                        "the result of a failed job (\(ending.rawValue)) has no error text", expected: "a str that says something",
                        seen: seen, facts: [call.fact]))
            }
            facts.append(call.fact)
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }
}
