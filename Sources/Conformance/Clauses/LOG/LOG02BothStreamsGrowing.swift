import Recording

enum LOG02BothStreamsGrowing: Clause {
    enum Breach: String, BreachCode {
        case stdoutMissing = "stdout-missing"
        case stderrMissing = "stderr-missing"
        case notPrefix = "not-prefix"
    }

    static let id = "LOG-02"
    static let buildsOn = ["LOG-01"]
    static let probes: [any Probe.Type] = [JobLogsProbe.self]
    static let capability: Capability? = .liveLogs
    static let page = Page(
        requires: "By the job's end get_logs has what it wrote to stdout and to stderr, from its first line to its last. What an earlier call returned is the beginning of what a later call returns.",
        why: "The traceback of a failed job is on stderr. And a caller who follows a log prints only what is new: `text[len(seen):]`.",
        breach: "Only stdout is fetched, only the last lines are kept, a placeholder (\"no logs yet\") stands in for an empty log, or stdout and stderr are put one after the other, so that new lines of stdout appear in the middle.",
        mend: "Read the platform's combined log from its beginning, and return it as it is. Return \"\" while there is none.",
        failing: """
            def get_logs(self, job_id):
                return self._text(job_id, "stdout") + self._text(job_id, "stderr")
            """,
        passing: """
            def get_logs(self, job_id):
                return self._text(job_id, "combined")
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(JobLogsProbe.self)
        let written = try recording.jobs("first words written").fact
        let early = try recording.call("logs while it runs")
        let (ended, jobs) = try recording.jobs("job ended")
        let reads = try [early, recording.call("logs at the end"), recording.call("logs once more")]
        guard let job = jobs.first, words(of: job.standardOutput).count > 1, words(of: job.standardError).count > 1 else {
            throw PremiseMissing(reason: "the job did not write all its words to both streams", by: ended)
        }
        for read in reads.dropFirst() {
            guard let text = read.value?.string else { throw PremiseMissing(reason: "the logs are no str", by: read.fact) }
            for (stream, output, breach) in [
                ("stdout", job.standardOutput, Breach.stdoutMissing), ("stderr", job.standardError, .stderrMissing),
            ] where !words(of: output).allSatisfy({ text.contains($0) }) {
                return .breached(
                    breach,
                    Failure(
                        "get_logs lacks what an ended job wrote to \(stream)", expected: "all that the job wrote",
                        seen: "a text without some of its \(stream)", facts: [ended, read.fact]))
            }
        }
        // Before the end a connector may say with an exception that there are no logs yet.
        let texts = reads.compactMap { read in read.value?.string.map { (read: read, text: $0) } }
        for (earlier, later) in zip(texts, texts.dropFirst()) where !later.text.hasPrefix(trimmed(earlier.text)) {
            return .breached(
                .notPrefix,
                Failure(
                    "what get_logs returned earlier is not the beginning of what it returned later", expected: "the earlier text, and more",
                    seen: "a text that begins otherwise", facts: [earlier.read.fact, later.read.fact]))
        }
        return .holds(Witness(written, others: [early.fact, ended] + reads.dropFirst().map(\.fact)))
    }

    private static func words(of output: String) -> [Substring] { output.split { $0.isWhitespace } }

    /// Without white space at its end: a connector may strip it.
    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return rest
    }
}
