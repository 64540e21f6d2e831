import Recording

enum RES03OutputIsThere: Clause {
    enum Breach: String, BreachCode {
        case none
        case incomplete
        case garbled
        case failedLacksOutput = "failed-lacks-output"
    }

    static let id = "RES-03"
    static let buildsOn = ["RES-01"]
    static let capability: Capability? = .output
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: """
            The result's `output` holds what the job printed to stdout, all of it, also where the job failed; other text may stand around it.
            A connector whose platform keeps no output declares the capability `output` off.
            """,
        why: "The output is where the code says what it found. Of a job that failed it is often all that there is.",
        breach: "None, the first or last lines only, UTF-8 read as Latin-1, stderr in place of stdout, or a sentence such as 'Job completed'.",
        mend: "Fetch the job's stdout to its end and give it as it is. Where the platform cannot, declare `output` off with the reason.",
        failing: """
            return JobResult(job_id=job_id, status=status, output="Job completed successfully")
            """,
        passing: """
            job = self._get(f"/v1/jobs/{job_id}/result")
            return JobResult(job_id=job_id, status=status, output=job["output"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ExitCodesProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs ended")
        let record = submitted.record
        var facts: [Fact] = []
        for ending in [ExitCodesProbe.Ending.plain, .exit] {
            let call = try recording.call("result of \(ending.rawValue)")
            let result = try call.result()
            let place = ExitCodesProbe.Ending.allCases.firstIndex(of: ending) ?? 0
            let printed = lines(try submitted.job(at: place).truth.standardOutput)
            guard !printed.isEmpty else { throw PremiseMissing(reason: "on the platform the job printed nothing", by: record) }
            let output = result["output"]?.string
            let shown = lines(output ?? "")
            let found = inOrder(printed, shown)
            // All is there but for what is not ASCII: it was decoded as something else.
            if found < printed.count, let text = printed[found...].first, !text.utf8.allSatisfy({ $0 < 128 }) {
                let plain = printed.filter { $0.utf8.allSatisfy { $0 < 128 } }
                if inOrder(plain, shown) == plain.count {
                    return .breached(
                        .garbled,
                        Failure(
                            "the output of a job has other characters than it printed", expected: "'\(text)'",
                            seen: "a text without it", facts: [record, call.fact]))
                }
            }
            if found < printed.count {
                let isNone = output == nil
                let breach: Breach = ending.endsWell ? (isNone ? .none : .incomplete) : .failedLacksOutput
                let seen = isNone ? "None" : found == 0 ? "other text" : "a part of it"
                return .breached(
                    breach,
                    Failure(
                        "the output of a job that \(ending.endsWell ? "succeeded" : "failed") lacks what it printed",
                        expected: "all lines of its stdout", seen: seen, facts: [record, call.fact]))
            }
            facts.append(call.fact)
        }
        return .holds(Witness(record, others: facts))
    }

    /// How many of the lines are there, each within a line of its own, before the first that is not.
    private static func inOrder(_ printed: [String], _ shown: [String]) -> Int {
        var rest = shown[...]
        for (count, line) in printed.enumerated() {
            guard let place = rest.firstIndex(where: { $0.contains(line) }) else { return count }
            rest = rest[(place + 1)...]
        }
        return printed.count
    }

    private static func lines(_ text: String) -> [String] { text.split { $0.isNewline }.map(String.init) }
}
