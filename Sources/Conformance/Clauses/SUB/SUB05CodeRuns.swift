import Recording

enum SUB05CodeRuns: Clause {
    enum Breach: String, BreachCode {
        case neverRan = "never-ran"
        case otherCode = "other-code"
        case quotesLost = "quotes-lost"
        case backslashesLost = "backslash-lost"
        case dollarsExpanded = "dollar-expanded"
        case templatesExpanded = "template-expanded"
        case unicodeLost = "unicode-lost"
        case whitespaceLost = "whitespace-lost"
        case lineEndsBroken = "crlf-broken"
        case largeCodeLost = "large-code-lost"
        case outputConstant = "output-constant"
        case outputLost = "output-lost"
    }

    static let id = "SUB-05"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [CodeSurvivesProbe.self]
    static let page = Page(
        requires: """
            The code that was given to submit_job truly runs, unchanged: both quotes, backslashes, dollars, templates, unicode, tabs, form feeds, CRLF
            line ends and a mebibyte of it. What it prints comes back in the result's output or in the logs.
            """,
        why: "A connector that mends the code in passing runs another program than the one that was tested, and nobody is told.",
        breach: "The code is put into a shell command or a template, encoded as ASCII, split into lines at what is no line end in Python, cut at a limit, or not sent at all.",
        mend: "Send the code as data: a JSON string, a file, an upload. Where a command line cannot be avoided, send it as base64.",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                command = f'python3 -c "{code}"'                    # quotes, backslashes and dollars belong to the shell now
                return self._post("/v1/jobs", {"code": command, "language": "shell"})["id"]
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                return self._post("/v1/jobs", {"code": code, "language": "python"})["id"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CodeSurvivesProbe.self)
        var facts: [Fact] = []
        var readings: [Reading] = []
        for kind in CodeSample.Kind.allCases {
            let submit = try recording.call("submit \(kind.rawValue)")
            if let exception = submit.raised { return damaged(kind, "submit_job raised \(exception.type)", [submit.fact]) }
            if kind == .plain, let breach = neverArrived(recording, submit) { return breach }
            let (record, truths) = try recording.jobs(kind == .large ? "large job ended" : "jobs ended")
            guard let sample = sample(kind, submit), let truth = truth(of: sample, submit, truths) else {
                throw PremiseMissing(reason: "the platform has no job of the sample \(kind.rawValue)", by: record)
            }
            guard truth.isTerminal else {
                throw PremiseMissing(reason: "the job of the sample \(kind.rawValue) had not ended", by: record, clause: "SUB-02")
            }
            if !truth.standardOutput.contains(sample.line) {
                return damaged(kind, truth.exitCode == 0 ? "it computed something else" : "it ended with an error", [submit.fact, record])
            }
            let reading = try Reading(kind, sample.line, recording)
            if !reading.isRight {
                let other = try readings.first ?? Reading(.quotes, sample.line, recording)
                return unread(reading, other, submit, record)
            }
            readings.append(reading)
            facts += [submit.fact, reading.right ?? reading.result.fact]
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    /// What the connector gave of one job.
    private struct Reading {
        let kind: CodeSample.Kind
        let result: CallFact
        let logs: CallFact
        /// The fact that holds the line.
        let right: Fact?

        init(_ kind: CodeSample.Kind, _ line: String, _ recording: Recording) throws {
            self.kind = kind
            result = try recording.call("result of \(kind.rawValue)")
            logs = try recording.call("logs of \(kind.rawValue)")
            if result.value?.record?["output"]?.string?.contains(line) == true {
                right = result.fact
            } else {
                right = logs.value?.string?.contains(line) == true ? logs.fact : nil
            }
        }

        var isRight: Bool { right != nil }
        var texts: [String] { [result.value?.record?["output"]?.string, logs.value?.string].compactMap { $0 }.filter { !$0.isEmpty } }
    }

    private static func neverArrived(_ recording: Recording, _ submit: CallFact) -> Finding<Breach>? {
        guard let (record, truths) = try? recording.jobs("plain job arrived"), truths.isEmpty else { return nil }
        return .breached(
            .neverRan,
            Failure(
                "submit_job returned an id, and the platform has no job", expected: "a job that runs the code", seen: "no job",
                facts: [submit.fact, record]))
    }

    private static func sample(_ kind: CodeSample.Kind, _ submit: CallFact) -> CodeSample? {
        let code = submit.call.arguments.first { $0.name == "code" }?.value.string
        return code.flatMap(CodeSample.nonce(in:)).map { CodeSample(kind, nonce: $0) }
    }

    /// By the nonce in its code; by its place where a connector wraps the code beyond recognition.
    private static func truth(of sample: CodeSample, _ submit: CallFact, _ truths: [JobTruth]) -> JobTruth? {
        let nonce = CodeSample.nonce(in: sample.code) ?? sample.line
        let place = CodeSample.Kind.allCases.firstIndex(of: sample.kind) ?? 0
        return truths.first { $0.code.contains(nonce) } ?? (place < truths.count ? truths[place] : nil)
    }

    private static func damaged(_ kind: CodeSample.Kind, _ seen: String, _ facts: [Fact]) -> Finding<Breach> {
        .breached(
            kind.breach,
            Failure("code with \(kind.phrase) did not run as it was written", expected: "the line that it computes", seen: seen, facts: facts))
    }

    private static func unread(_ reading: Reading, _ other: Reading, _ submit: CallFact, _ record: Fact) -> Finding<Breach> {
        let isConstant = other.kind != reading.kind && !reading.texts.isEmpty && reading.texts == other.texts
        return .breached(
            isConstant ? .outputConstant : .outputLost,
            Failure(
                "the code ran, and what it printed is neither in the result's output nor in the logs",
                expected: "the line that it computed", seen: isConstant ? "the same text as for another job" : "other text or none",
                facts: [submit.fact, record, reading.result.fact, reading.logs.fact]))
    }
}

extension CodeSample.Kind {
    fileprivate var breach: SUB05CodeRuns.Breach {
        switch self {
        case .plain: .otherCode
        case .quotes: .quotesLost
        case .backslashes: .backslashesLost
        case .dollars: .dollarsExpanded
        case .templates: .templatesExpanded
        case .unicode: .unicodeLost
        case .whitespace: .whitespaceLost
        case .lineEnds: .lineEndsBroken
        case .large: .largeCodeLost
        }
    }

    fileprivate var phrase: String {
        switch self {
        case .plain: "nothing special in it"
        case .quotes: "both quotes"
        case .backslashes: "backslashes"
        case .dollars: "dollars and backticks"
        case .templates: "percent signs and braces"
        case .unicode: "unicode"
        case .whitespace: "tabs and blank lines"
        case .lineEnds: "CRLF line ends"
        case .large: "1 MiB of it"
        }
    }
}
