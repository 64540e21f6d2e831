import Recording

enum LOG02BothStreamsGrowing: Clause {
    enum Breach: String, BreachCode {
        case stdoutMissing = "stdout-missing"
        case stderrMissing = "stderr-missing"
        case notPrefix = "not-prefix"
        case garbled
        case liveRaised = "live-raised"
        case failedLacksLogs = "failed-lacks-logs"
        case cancelledLacksLogs = "cancelled-lacks-logs"
    }

    static let id = "LOG-02"
    static let buildsOn = ["LOG-01"]
    static let probes: [any Probe.Type] = [JobLogsProbe.self, JobLifeProbe.self, ExitCodesProbe.self, CancelledResultProbe.self]
    static let page = Page(
        requires: "By the job's end get_logs has what it wrote to stdout and to stderr, from its first line to its last, also where the job failed or was cancelled. What an earlier call returned is the beginning of what a later call returns. A connector whose platform gives logs only at the end declares `live_logs` off, and is judged by those.",
        why: "The traceback of a failed job is on stderr. And a caller who follows a log prints only what is new: `text[len(seen):]`.",
        breach: "Only stdout is fetched, or no log of a job that failed or was cancelled, only the first or the last lines are kept, UTF-8 is read as Latin-1, get_logs raises while the job runs, a placeholder (\"no logs yet\") stands in for an empty log, or stdout and stderr are put one after the other, so that new lines of stdout appear in the middle.",
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
        let atTheEnd = try [recording.call("logs at the end"), recording.call("logs once more")]
        guard let job = jobs.first, words(of: job.standardOutput).count > 1, words(of: job.standardError).count > 1 else {
            throw PremiseMissing(reason: "the job did not write all its words to both streams", by: ended)
        }
        for read in atTheEnd {
            if let finding = try lacks(read, of: job, ended) { return finding }
        }
        if let finding = failed(evidence) ?? cancelled(evidence) { return finding }
        let witness = Witness(written, others: [early.fact, ended] + atTheEnd.map(\.fact))
        // Logs that come only at the end must be whole there all the same.
        if let reason = evidence.terms.off[.liveLogs] {
            if let finding = notPrefix(atTheEnd) { return finding }
            return .noted("live_logs is declared off (\(reason)): judged by the logs at the end alone", witness)
        }
        if let finding = notPrefix([early] + atTheEnd) ?? placeholder(evidence) { return finding }
        if let raised = early.raised {
            return .breached(
                .liveRaised,
                Failure(
                    "get_logs raised \(raised.type) while the job ran and had written; live_logs is not declared off",
                    expected: "what the job has written so far, or the beginning of it", seen: raised.type, facts: [written, early.fact]))
        }
        return .holds(witness)
    }

    private static func lacks(_ read: CallFact, of job: JobTruth, _ ended: Fact) throws -> Finding<Breach>? {
        guard let text = read.value?.string else { throw PremiseMissing(reason: "the logs are no str", by: read.fact) }
        let shown = Shown(text)
        for (stream, output, breach) in [("stdout", job.standardOutput, Breach.stdoutMissing), ("stderr", job.standardError, .stderrMissing)] {
            let missing = words(of: output).filter { !shown.holds($0) }
            guard let first = missing.first else { continue }
            // All is there but for what is not ASCII: it was decoded as something else.
            let isGarbled = missing.allSatisfy { !$0.utf8.allSatisfy { $0 < 128 } }
            return .breached(
                isGarbled ? .garbled : breach,
                Failure(
                    isGarbled
                        ? "get_logs has other characters than the job wrote to \(stream)" : "get_logs lacks what an ended job wrote to \(stream)",
                    expected: isGarbled ? "'\(first)'" : "all that the job wrote",
                    seen: isGarbled ? "a text without it" : "a text without some of its \(stream)", facts: [ended, read.fact]))
        }
        return nil
    }

    /// A job that failed: its output, and the last line that it wrote to stderr, which says why.
    private static func failed(_ evidence: Evidence) -> Finding<Breach>? {
        let ending = ExitCodesProbe.Ending.uncaught
        guard let recording = try? evidence.recording(ExitCodesProbe.self), let read = try? recording.call("logs of \(ending.rawValue)"),
            let submitted = try? SubmittedJobs(recording, recordedAt: "jobs ended"),
            let place = ExitCodesProbe.Ending.allCases.firstIndex(of: ending), let job = try? submitted.job(at: place).truth
        else { return nil }
        let reason = job.standardError.split { $0.isNewline }.last { $0.contains { !$0.isWhitespace } } ?? ""
        return lacks(read, job.standardOutput + "\n" + reason, .failedLacksLogs, "a job that failed", submitted.record)
    }

    private static func cancelled(_ evidence: Evidence) -> Finding<Breach>? {
        guard let recording = try? evidence.recording(CancelledResultProbe.self), let read = try? recording.call("logs"),
            let (ended, jobs) = try? recording.jobs("job ended"), let job = jobs.first, job.status == "cancelled"
        else { return nil }
        return lacks(read, job.standardOutput + "\n" + job.standardError, .cancelledLacksLogs, "a job that was cancelled", ended)
    }

    /// What is no str is LOG-01's, and an exception is no log at all.
    private static func lacks(_ read: CallFact, _ written: String, _ breach: Breach, _ job: String, _ ended: Fact) -> Finding<Breach>? {
        guard let text = read.value?.string else { return nil }
        let shown = Shown(text)
        guard !words(of: written).allSatisfy(shown.holds) else { return nil }
        return .breached(
            breach,
            Failure(
                "get_logs of \(job) lacks what it wrote", expected: "all that the job wrote", seen: "a text without some of it",
                facts: [ended, read.fact]))
    }

    private static func notPrefix(_ reads: [CallFact]) -> Finding<Breach>? {
        let texts = reads.compactMap { read in read.value?.string.map { (read: read, text: $0) } }
        for (earlier, later) in zip(texts, texts.dropFirst()) where !later.text.hasPrefix(trimmed(earlier.text)) {
            return .breached(
                .notPrefix,
                Failure(
                    "what get_logs returned earlier is not the beginning of what it returned later", expected: "the earlier text, and more",
                    seen: "a text that begins otherwise", facts: [earlier.read.fact, later.read.fact]))
        }
        return nil
    }

    /// What was read while the job waited, against its log at the end: that there is none yet may be said by an exception, or by "".
    private static func placeholder(_ evidence: Evidence) -> Finding<Breach>? {
        guard let recording = try? evidence.recording(JobLifeProbe.self), let early = try? recording.call(JobLifeProbe.logsWhilePending),
            let last = try? recording.call(JobLifeProbe.logsAtTheEnd)
        else { return nil }
        return notPrefix([early, last])
    }

    private static func words(of output: String) -> [Substring] { output.split { $0.isWhitespace } }

    /// A log to look for words in: each may stand alone, or within a longer one.
    private struct Shown {
        private let words: Set<Substring>
        private let lines: [Substring]

        init(_ text: String) {
            words = Set(LOG02BothStreamsGrowing.words(of: text))
            lines = text.split { $0.isNewline }
        }

        func holds(_ word: Substring) -> Bool { words.contains(word) || lines.contains { $0.contains(word) } }
    }

    /// Without white space at its end: a connector may strip it.
    private static func trimmed(_ text: String) -> Substring {
        var rest = text[...]
        while rest.last?.isWhitespace == true { rest = rest.dropLast() }
        return rest
    }
}
