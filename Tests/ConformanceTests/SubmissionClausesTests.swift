import Recording
import Testing

@testable import Conformance

@Suite("Clauses on submit_job")
struct SubmissionClausesTests {
    private let nonce = "wt0123456789abcdef"

    @Test(
        "SUB-02 finds an id that comes twice, and tells the same code from another",
        arguments: [
            (["a", "b", "c", "d"], "holds"), (["a", "a", "c", "d"], "repeated"), (["a", "b", "c", "c"], "repeated-for-same-code"),
        ])
    func uniqueIDs(ids: [String], expected: String) throws {
        var tale = JobTale(SameNameProbe.self)
        for (place, label) in SameNameProbe.submissions.enumerated() {
            tale.submit(label, .returned(.string(ids[place])), code: "\(min(place, 2))")
        }
        #expect(try verdict(SUB02IDsAreUnique.self, [tale.recording]) == expected)
    }

    @Test(
        "SUB-03 allows UNKNOWN in passing, and no more",
        arguments: [
            ([Status.running, .running, .running], "holds"), ([.unknown, .running, .running], "holds"),
            ([.unknown, .unknown, .pending], "holds"), ([.unknown, .unknown, .unknown], "unknown-at-once"),
        ])
    func atOnce(statuses: [Status], expected: String) throws {
        var first = JobTale(FirstJobProbe.self)
        first.status("status at once", .unknown)
        #expect(try verdict(SUB03QueriedAtOnce.self, [first.recording, submitReturns(statuses)]) == expected)
    }

    @Test("of two calls at once, one that stalls is judged, and not the one that ended with it; one that ends by itself is judged")
    func stallTakesOthersAlong() throws {
        var good = HandMadeRecording(FirstJobProbe.self)
        good.call("submit", .submitJob, .returned("job-1"))
        func found(_ other: Outcome) throws -> [String] {
            var both = HandMadeRecording(DependenciesProbe.self)
            both.call("submit with dependencies", .submitJob, .died(how: "it ended"), mustReturn: false)
            both.call("submit with a missing dependency", .submitJob, other, mustReturn: false)
            let evidence = Evidence(recordings: [good.recording, both.recording], terms: Terms())
            guard case .breached(let breach, let failure) = try SUB01ReturnsAnID.judge(evidence) else { return [] }
            return [breach.rawValue] + failure.facts.map(\.label)
        }
        #expect(try found(.timedOut(stacks: "")) == ["stalled", "submit with a missing dependency"])
        #expect(try found(.returned("job-2")) == ["stalled", "submit with dependencies"])
        var logs = HandMadeRecording(DependenciesProbe.self)
        logs.call("submit with dependencies", .submitJob, .died(how: "it ended"), mustReturn: false)
        logs.call("logs", .getLogs, .timedOut(stacks: ""))
        #expect(try verdict(SUB01ReturnsAnID.self, [good.recording, logs.recording]) == "holds")
    }

    @Test("SUB-03 finds a first read that raises")
    func atOnceRaises() throws {
        var first = JobTale(FirstJobProbe.self)
        first.ask("status at once", .getJobStatus, .raises("CloudException", contract: ["CloudException"]))
        #expect(try verdict(SUB03QueriedAtOnce.self, [first.recording]) == "raised")
    }

    @Test("SUB-08 tells a submission that returned while the job was held from one that waited", arguments: [false, true])
    func blocks(waits: Bool) throws {
        let recording = submitReturns([.running, .running, .running], waits: waits)
        #expect(SubmitReturnsProbe.submitBlocks(recording) == waits)
        #expect(try verdict(SUB08ReturnsBeforeTheEnd.self, [recording]) == (waits ? "blocks" : "holds"))
    }

    private func submitReturns(_ statuses: [Status], waits: Bool = false) -> Recording {
        var tale = JobTale(SubmitReturnsProbe.self)
        tale.jobs("job runs", [JobTruth(.running)])
        if !waits { tale.submit("submit") }
        tale.jobs("job while held", [JobTruth(.running)])
        if waits { tale.release() }
        if waits { tale.submit("submit") }
        for (label, status) in zip(SubmitReturnsProbe.reads, statuses) { tale.status(label, status) }
        if !waits { tale.release() }
        return tale.recording
    }

    // MARK: - SUB-04

    private func forms(
        positional: JobTruth? = nil, keyword: JobTruth? = nil, raising: SubmitFormsProbe.Form? = nil
    ) -> Recording {
        var tale = JobTale(SubmitFormsProbe.self)
        let more = [
            Call.Argument("environment", .dict([Value.Pair(.string(SubmitFormsProbe.variable), "the value")])),
            Call.Argument("job_name", "the name"),
        ]
        for form in SubmitFormsProbe.Form.allCases {
            let outcome = form == raising ? Outcome.raises("TypeError") : .returned(.string(form.rawValue))
            tale.submit(form.rawValue, outcome, form == .keyword || form == .position ? more : [])
        }
        let whole = form()
        tale.jobs("jobs ended", [JobTruth(.succeeded), JobTruth(.succeeded), keyword ?? whole, positional ?? whole])
        return tale.recording
    }

    private func form(name: String = "the name-7f", value: Value = "the value", memory: Value = .double(1)) -> JobTruth {
        var truth = JobTruth(.succeeded, name: name)
        truth.environment = [Value.Pair("OTHER", "x"), Value.Pair(.string(SubmitFormsProbe.variable), value)]
        truth.resources = [Value.Pair("memory_gb", memory), Value.Pair("cpu_count", 1), Value.Pair("max_runtime_hours", 2)]
        return truth
    }

    @Test("SUB-04 compares what reached the platform by position with what reached it by keyword")
    func misplaced() throws {
        #expect(try verdict(SUB04OptionalParameters.self, [forms()]) == "holds")
        for wrong in [form(name: "job-9"), form(value: "else"), form(memory: 4)] {
            #expect(try verdict(SUB04OptionalParameters.self, [forms(positional: wrong)]) == "positional-misplaced")
            #expect(try verdict(SUB04OptionalParameters.self, [forms(keyword: wrong)]) == "keyword-lost")
            // Lost in both forms: not a matter of the form.
            #expect(try verdict(SUB04OptionalParameters.self, [forms(positional: wrong, keyword: wrong)]) == "holds")
        }
    }

    @Test(
        "SUB-04 finds each form that is refused",
        arguments: zip(
            SubmitFormsProbe.Form.allCases, ["code-alone-refused", "none-refused", "keyword-refused", "positional-refused"]))
    func refused(form: SubmitFormsProbe.Form, expected: String) throws {
        #expect(try verdict(SUB04OptionalParameters.self, [forms(raising: form)]) == expected)
    }

    @Test("SUB-01 leaves to SUB-04 a parameter that is refused, and to AUTH-04 what somebody unknown gets")
    func othersMatters() throws {
        var first = JobTale(FirstJobProbe.self)
        first.submit("submit", code: nonce)
        var named = HandMadeRecording(ResourceConfigProbe.self)
        let arguments = [Call.Argument("code", "x"), Call.Argument("job_name", "y")]
        named.add("submit", .call(Call(instance: "main", method: "submit_job", arguments: arguments, outcome: .raises("TypeError"), mustReturn: true, endedAt: 0)))
        #expect(try verdict(SUB01ReturnsAnID.self, [first.recording, named.recording]) == "raised")
        #expect(try verdict(SUB01ReturnsAnID.self, [first.recording, named.recording, forms(raising: .keyword)]) == "holds")
        // The code alone is everybody's.
        named.call("submit", .submitJob, .raises("TypeError"), code: "x")
        #expect(try verdict(SUB01ReturnsAnID.self, [first.recording, named.recording, forms(raising: .keyword)]) == "raised")

        func refused(on instance: String) -> Recording {
            var made = HandMadeRecording(UnauthenticatedProbe.self)
            let call = Call(instance: instance, method: "submit_job", arguments: [], outcome: .returned(.none), mustReturn: false, endedAt: 0)
            made.add("submit \(instance)", .call(call))
            return made.recording
        }
        #expect(try verdict(SUB01ReturnsAnID.self, [first.recording, refused(on: "invalid")]) == "holds")
        #expect(try verdict(SUB01ReturnsAnID.self, [first.recording, refused(on: "main")]) == "returned-none")
    }

    @Test("SUB-01 says what is wrong with a str that cannot be written down")
    func strangeText() throws {
        var tale = JobTale(FirstJobProbe.self)
        tale.submit("submit", .returned(.other(type: "str", repr: "'job-\\udc80'")))
        #expect(try words(SUB01ReturnsAnID.self, [tale.recording]) == "submit_job returned a str with a lone surrogate: a str with a lone surrogate")
    }

    // MARK: - SUB-05

    private enum Harm { case refused, computesOther, outputLost, onlyLogs }

    private func code(_ harmed: CodeSample.Kind? = nil, _ harm: Harm = .onlyLogs, output: String = "") -> Recording {
        var tale = JobTale(CodeSurvivesProbe.self)
        var truths: [JobTruth] = []
        for kind in CodeSample.Kind.allCases {
            let sample = CodeSample(kind, nonce: nonce)
            let isHarmed = kind == harmed
            tale.submit(
                "submit \(kind.rawValue)", isHarmed && harm == .refused ? .raises("UnicodeEncodeError") : .returned("job"), code: sample.code)
            // As from a connector that wraps the code: only the place tells which job it is.
            truths.append(JobTruth(.succeeded, out: isHarmed && harm == .computesOther ? "1 2\n" : sample.line + "\n"))
            let isLost = isHarmed && harm == .outputLost
            tale.ask("result of \(kind.rawValue)", .getJobResult, .result(.succeeded, output: .string(isHarmed ? output : sample.line)))
            tale.ask("logs of \(kind.rawValue)", .getLogs, .returned(.string(isHarmed && isLost ? output : sample.line)))
        }
        tale.jobs("plain job arrived", [truths[0]])
        tale.jobs("jobs ended", truths)
        tale.jobs("large job ended", truths)
        return tale.recording
    }

    @Test("SUB-05 holds where the lines come back by the output, or by the logs alone")
    func codeRuns() throws {
        #expect(try verdict(SUB05CodeRuns.self, [code()]) == "holds")
        #expect(try verdict(SUB05CodeRuns.self, [code(.plain, .onlyLogs)]) == "holds")
    }

    @Test(
        "SUB-05 names what was lost, refused or not",
        arguments: zip(
            CodeSample.Kind.allCases,
            [
                "other-code", "quotes-lost", "backslash-lost", "dollar-expanded", "template-expanded", "unicode-lost", "whitespace-lost",
                "crlf-broken", "large-code-lost",
            ]))
    func codeDamaged(kind: CodeSample.Kind, expected: String) throws {
        #expect(try verdict(SUB05CodeRuns.self, [code(kind, .computesOther)]) == expected)
        #expect(try verdict(SUB05CodeRuns.self, [code(kind, .refused)]) == expected)
    }

    @Test("SUB-05 tells output that is lost from code that did not run")
    func outputLost() throws {
        #expect(try verdict(SUB05CodeRuns.self, [code(.quotes, .outputLost)]) == "output-lost")
        var tale = JobTale(CodeSurvivesProbe.self)
        tale.submit("submit plain", code: CodeSample(.plain, nonce: nonce).code)
        tale.jobs("plain job arrived", [])
        #expect(try verdict(SUB05CodeRuns.self, [tale.recording]) == "never-ran")
    }

    @Test("A sample's checksum is that of zlib, its code does not hold its line, and the large one is a mebibyte exactly")
    func samples() {
        #expect(CodeSample.checksum("123456789") == 0xCBF4_3926)
        #expect(CodeSample(.large, nonce: nonce).code.utf8.count == CodeSample.largeBytes)
        #expect(CodeSample(.lineEnds, nonce: nonce).code.unicodeScalars.filter { $0 == "\r" }.count == 11)
        for kind in CodeSample.Kind.allCases {
            let sample = CodeSample(kind, nonce: nonce)
            #expect(CodeSample.nonce(in: sample.code) == nonce)
            #expect(!sample.code.contains(sample.line))
        }
    }

    // MARK: - SUB-06

    @Test(
        "SUB-06 finds each kind of value that is lost",
        arguments: [
            ("WTENV_PLAIN", "missing"), ("WTENV_SPACES", "spaces-lost"), ("WTENV_QUOTES", "quotes-lost"), ("WTENV_EQUALS", "equals-lost"),
            ("WTENV_DOLLARS", "dollar-expanded"), ("WTENV_UNICODE", "unicode-lost"), ("WTENV_EMPTY", "empty-lost"),
            ("WTENV_LINES", "lines-lost"), ("WTENV_small", "name-changed"), ("", "holds"),
        ])
    func environment(lost: String, expected: String) throws {
        var tale = JobTale(EnvironmentProbe.self)
        tale.submit("submit")
        let lines = EnvironmentProbe.variables.filter { $0.name != lost }.map { EnvironmentProbe.line(of: $0.name, $0.value) }
        var truth = JobTruth(.succeeded, out: lines.joined(separator: "\n"))
        truth.exitCode = 0
        tale.jobs("job ended", [truth])
        #expect(try verdict(SUB06EnvironmentArrives.self, [tale.recording]) == expected)
    }
}
