import Recording

enum RES03OutputIsThere: Clause {
    enum Breach: String, BreachCode {
        case none
        case incomplete
        case garbled
        case whitespaceLost = "whitespace-lost"
        case lastLineLost = "last-line-lost"
        case failedLacksOutput = "failed-lacks-output"
        case crashedLacksOutput = "crashed-lacks-output"
    }

    static let id = "RES-03"
    static let buildsOn = ["RES-01"]
    static let capability: Capability? = .output
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: """
            The result's `output` holds what the job printed to stdout, all of it, also where the job failed, crashed or was killed; other text may \
            stand around it. Lines keep their indentation, and a last line need not end with a line break. Blanks at the two ends may be stripped.
            A connector whose platform keeps no output declares the capability `output` off.
            """,
        why: "The output is where the code says what it found. Of a job that failed it is often all that there is.",
        breach: "None, the first or last lines only, each line stripped, a last line dropped that has no line break, UTF-8 read as Latin-1, stderr in place of stdout, or a sentence such as 'Job completed'.",
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
        for (place, ending) in ExitCodesProbe.Ending.allCases.enumerated() where ending != .silent {
            let whole = try submitted.job(at: place).truth.standardOutput
            let printed = lines(whole)
            // A wrapping that keeps the output back loses it where the job is killed.
            if printed.isEmpty, ending != .plain, ending != .exit { continue }
            let call = try recording.call("result of \(ending.rawValue)")
            let result = try call.result()
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
                let breach = output == nil ? (ending.endsWell ? .none : lacking(ending)) : loss(of: printed, found, whole, shown) ?? lacking(ending)
                return .breached(breach, failure(breach, ending, of: found, isNone: output == nil, facts: [record, call.fact]))
            }
            facts.append(call.fact)
        }
        return .holds(Witness(record, others: facts))
    }

    private static func lacking(_ ending: ExitCodesProbe.Ending) -> Breach {
        ending.endsWell ? .incomplete : ending == .exit ? .failedLacksOutput : .crashedLacksOutput
    }

    /// A loss with a name of its own: of the blanks in a line, or of a last line that does not end with a line break.
    private static func loss(of printed: [String], _ found: Int, _ whole: String, _ shown: [String]) -> Breach? {
        let words = printed[found].split { $0.isWhitespace }.joined(separator: " ")
        if words != printed[found], shown.contains(where: { $0.split { $0.isWhitespace }.joined(separator: " ").contains(words) }) {
            return .whitespaceLost
        }
        return found > 0 && found == printed.count - 1 && whole.last?.isNewline == false ? .lastLineLost : nil
    }

    private static func failure(
        _ breach: Breach, _ ending: ExitCodesProbe.Ending, of found: Int, isNone: Bool, facts: [Fact]
    ) -> Failure {
        switch breach {
        case .whitespaceLost:
            Failure(
                "the output of a job lacks blanks that it printed within its lines", expected: "each line as it was printed",
                seen: "the line with fewer blanks", facts: facts)
        case .lastLineLost:
            Failure(
                "the output of a job lacks its last line, which does not end with a line break", expected: "all lines of its stdout",
                seen: "all but the last", facts: facts)
        default:
            Failure(
                "the output of a job that \(how(ending)) lacks what it printed", expected: "all lines of its stdout",
                seen: isNone ? "None" : found == 0 ? "other text" : "a part of it", facts: facts)
        }
    }

    private static func how(_ ending: ExitCodesProbe.Ending) -> String {
        switch ending {
        case .plain, .slow, .silent, .noisy: "succeeded"
        case .exit: "failed"
        case .uncaught: "failed with an uncaught exception"
        case .killed: "was killed"
        }
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
