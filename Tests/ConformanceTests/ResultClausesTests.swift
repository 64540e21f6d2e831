import Recording
import Testing

@testable import Conformance

@Suite("Clauses on get_job_result")
struct ResultClausesTests {
    private static let shapes: [(Outcome, String)] = [
        (.result(.succeeded, output: "x", duration: .double(0.5)), "holds"), (.result(.failed, error: "x", duration: 3), "holds"),
        (.returned(.none), "returned-none"), (.returned(.dict([])), "not-job-result"),
        (.result(.succeeded, isContract: false), "not-job-result"), (.result(.succeeded, id: "job-2"), "other-job-id"),
        (.result(.succeeded, id: 1), "other-job-id"), (.result(.succeeded, output: .bytes([1])), "wrong-field-type"),
        (.result(.succeeded, metrics: .none), "wrong-field-type"), (.result(.succeeded, artifacts: .list([1])), "wrong-field-type"),
        (.result(.succeeded, artifacts: .tuple([])), "wrong-field-type"), (.result(.succeeded, duration: true), "wrong-field-type"),
        (.result(.succeeded, duration: "0.5"), "wrong-field-type"),
    ]

    @Test("RES-01 wants a JobResult of the job that was asked for, with the documented types", arguments: shapes)
    func shape(outcome: Outcome, expected: String) throws {
        var tale = JobTale(FirstJobProbe.self)
        tale.ask("result", .getJobResult, outcome)
        #expect(try verdict(RES01ReturnsAJobResult.self, [tale.recording]) == expected)
    }

    // MARK: - The results of jobs that ended in every way

    private typealias Ending = ExitCodesProbe.Ending

    private func good(_ ending: ExitCodesProbe.Ending) -> Outcome {
        .result(
            ending.endsWell ? .succeeded : .failed, output: "> wt\n> more\n", error: ending.endsWell ? .none : "exit code 3",
            duration: .double(ending == .slow ? 0.8 : 0.1))
    }

    private func endings(
        _ changed: ExitCodesProbe.Ending? = nil, _ outcome: Outcome = .returned(.none), plain: String = "wt\nmore\n"
    ) -> Recording {
        var tale = JobTale(ExitCodesProbe.self)
        for ending in Ending.allCases { tale.submit("submit \(ending.rawValue)", .returned(.string("job \(ending.rawValue)"))) }
        tale.jobs("jobs ended", Ending.allCases.map { .ended($0, out: $0 == .plain ? plain : "wt\nmore\n") })
        for ending in Ending.allCases { tale.status("status of \(ending.rawValue)", ending.endsWell ? .succeeded : .failed) }
        for ending in Ending.allCases {
            tale.ask("result of \(ending.rawValue)", .getJobResult, ending == changed ? outcome : good(ending))
        }
        return tale.recording
    }

    private func cancelled(_ outcome: Outcome) -> Recording {
        var tale = JobTale(CancelledResultProbe.self)
        tale.status("status", .cancelled)
        tale.ask("result", .getJobResult, outcome)
        return tale.recording
    }

    @Test("RES-02 compares the two statuses of every end")
    func statuses() throws {
        let cancel = cancelled(.result(.cancelled))
        #expect(try verdict(RES02AgreesWithStatus.self, [JobTale(FirstJobProbe.self).recording, endings(), cancel]) == "holds")
        #expect(try verdict(RES02AgreesWithStatus.self, [JobTale(FirstJobProbe.self).recording, endings()]) == "holds")
        #expect(try verdict(RES02AgreesWithStatus.self, [JobTale(FirstJobProbe.self).recording, endings(.killed, .result(.succeeded)), cancel]) == "differs")
        #expect(try verdict(RES02AgreesWithStatus.self, [JobTale(FirstJobProbe.self).recording, endings(), cancelled(.result(.failed))]) == "cancelled-differs")
    }

    @Test("RES-02 finds a result that is final where the status before and after it is not, also where no job ever ran")
    func contradiction() throws {
        for (after, expected) in [(Status.running, "differs"), (.succeeded, "holds")] {
            var tale = JobTale(FirstJobProbe.self)
            tale.status("status", .running)
            tale.ask("result", .getJobResult, .result(.succeeded))
            tale.status("status after the result", after)
            #expect(try verdict(RES02AgreesWithStatus.self, [tale.recording, endings()]) == expected)
        }
    }

    @Test("RES-03 wants every line that the job printed, whatever stands around it")
    func output() throws {
        #expect(try verdict(RES03OutputIsThere.self, [endings()]) == "holds")
        #expect(try verdict(RES03OutputIsThere.self, [endings(.plain, .result(.succeeded))]) == "none")
        #expect(try verdict(RES03OutputIsThere.self, [endings(.plain, .result(.succeeded, output: "more"))]) == "incomplete")
        let together = Outcome.result(.succeeded, output: "b'wt\\nmore\\n'")
        #expect(try verdict(RES03OutputIsThere.self, [endings(.plain, together)]) == "incomplete")
        #expect(try verdict(RES03OutputIsThere.self, [endings(.exit, .result(.failed, error: "x"))]) == "failed-lacks-output")
        let foreign = "wt\n\(Program.foreign)\nmore\n"
        for ending in [Ending.uncaught, .killed] {
            #expect(try verdict(RES03OutputIsThere.self, [endings(ending, .result(.failed, error: "x"))]) == "crashed-lacks-output")
        }
        #expect(try verdict(RES03OutputIsThere.self, [endings(.noisy, .result(.succeeded, output: "wt"))]) == "incomplete")
        #expect(try verdict(RES03OutputIsThere.self, [endings(.silent, .result(.succeeded))]) == "holds")
        for (shown, expected) in [(foreign, "holds"), ("wt\ngr\u{C3}\nmore\n", "garbled"), ("wt\nmo", "incomplete")] {
            let recording = endings(.plain, .result(.succeeded, output: .string(shown)), plain: foreign)
            #expect(try verdict(RES03OutputIsThere.self, [recording]) == expected)
        }
    }

    @Test("RES-03 wants lines with their blanks and a last one without a line break; what stands at the two ends may be stripped", arguments: [
        ("wt\n    in\nlast", "holds"), ("[out] wt\n[out]     in\n[out] last\n", "holds"), ("wt\n    in\nlast[exit 0]", "holds"),
        ("wt\nin\nlast", "whitespace-lost"), ("wt\n in\nlast", "whitespace-lost"), ("wt\n    in\n", "last-line-lost"),
        ("wt\nlast", "incomplete"), ("last", "incomplete"),
    ])
    func blanks(shown: String, expected: String) throws {
        let recording = endings(.plain, .result(.succeeded, output: .string(shown)), plain: "wt\n    in\nlast")
        #expect(try verdict(RES03OutputIsThere.self, [recording]) == expected)
    }

    @Test(
        "RES-04 wants an error that says something of each failure",
        arguments: [(Value.none, "none"), ("", "empty"), (" \n", "empty"), ("killed", "holds")])
    func failure(error: Value, expected: String) throws {
        for ending in Ending.allCases where !ending.endsWell {
            #expect(try verdict(RES04FailureIsExplained.self, [endings(ending, .result(.failed, error: error))]) == expected)
        }
    }

    @Test(
        "RES-05 wants no error of a success, also where there is text on stderr",
        arguments: [(Value.none, "holds"), ("", "empty-str"), ("a warning", "text")])
    func success(error: Value, expected: String) throws {
        #expect(try verdict(RES05SuccessHasNoError.self, [endings(.noisy, .result(.succeeded, error: error))]) == expected)
    }

    private static let durations: [(Value, String)] = [
        (.none, "holds"), (.double(0.31), "holds"), (.double(1.89), "holds"), (1, "holds"), (.double(0.29), "too-short"), (0, "too-short"),
        (.double(.nan), "too-short"), (.double(1.91), "too-long"), (800, "too-long"),
    ]

    @Test("RES-06 allows None and what is true within the tolerance", arguments: durations)
    func duration(value: Value, expected: String) throws {
        #expect(try verdict(RES06DurationIsTrue.self, [endings(.slow, .result(.succeeded, duration: value))]) == expected)
    }

    @Test("RES-06 sees a figure that follows the clock between two reads of an ended job", arguments: [
        (Value.double(0.1), "holds"), (.double(0.2), "holds"), (.none, "holds"), (.double(0.9), "growing"),
    ])
    func growth(second: Value, expected: String) throws {
        var tale = JobTale(ExitCodesProbe.self)
        let job = JobTruth.ended(.plain)
        for ending in Ending.allCases { tale.submit("submit \(ending.rawValue)", .returned(.string("job \(ending.rawValue)"))) }
        tale.jobs("first job ended", [job])
        tale.ask(ExitCodesProbe.firstResult, .getJobResult, .result(.succeeded, duration: .double(0.1)), at: 1)
        tale.jobs("jobs ended", Ending.allCases.map { .ended($0) })
        for ending in Ending.allCases {
            let result = ending == .plain ? Outcome.result(.succeeded, duration: second) : good(ending)
            tale.ask("result of \(ending.rawValue)", .getJobResult, result, at: 2)
        }
        #expect(try verdict(RES06DurationIsTrue.self, [tale.recording]) == expected)
    }

    // MARK: - Before the end

    private static let early: [(Outcome, Bool, String)] = [
        (.raises("NotYet", contract: ["CloudException"]), false, "holds"), (.result(.running), false, "holds"),
        (.result(.unknown), false, "holds"), (.result(.succeeded), true, "holds"), (.result(.succeeded), false, "terminal-early"),
        (.result(.failed), false, "terminal-early"), (.raises("KeyError"), false, "wrong-exception"),
        (.raises("KeyError"), true, "wrong-exception"),
    ]

    @Test("RES-07 allows an exception, a wait and a status that is not terminal", arguments: early)
    func beforeTheEnd(outcome: Outcome, waits: Bool, expected: String) throws {
        var tale = JobTale(EarlyResultProbe.self)
        tale.jobs("job runs", [JobTruth(.running)])
        if !waits { tale.ask("result before the end", .getJobResult, outcome) }
        tale.processes("processes meanwhile", 1)
        tale.release()
        if waits { tale.ask("result before the end", .getJobResult, outcome) }
        #expect(try verdict(RES07NothingBeforeTheEnd.self, [tale.recording]) == expected)
    }

    private static let earlier: [(Outcome, Bool, String)] = [
        (.raises("NotYet", contract: ["CloudException"]), false, "holds"), (.result(.pending), false, "holds"),
        (.result(.succeeded), true, "holds"), (.result(.failed), false, "terminal-while-pending"),
        (.raises("KeyError"), false, "wrong-exception"),
    ]

    @Test("RES-07 allows the same while the job waits, and a wait from there to the end", arguments: earlier)
    func beforeTheStart(outcome: Outcome, waits: Bool, expected: String) throws {
        var tale = JobTale(EarlyResultProbe.self)
        if !waits { tale.ask(EarlyResultProbe.whilePending, .getJobResult, outcome) }
        tale.jobs("job is pending still", [JobTruth(.pending, started: false)])
        tale.release()
        tale.jobs("job runs", [JobTruth(.running)])
        if !waits { tale.ask(EarlyResultProbe.whileRunning, .getJobResult, .result(.running)) }
        tale.processes("processes meanwhile", 1)
        tale.release("release~2")
        if waits { tale.ask(EarlyResultProbe.whilePending, .getJobResult, outcome) }
        #expect(try verdict(RES07NothingBeforeTheEnd.self, [tale.recording]) == expected)
    }

    // MARK: - RES-08

    private func ended(
        second: Outcome = .result(.succeeded, output: "x", duration: 2), sharing: Value = false, unknown: Outcome = .raises("ValueError"),
        first: [String: Outcome] = [:]
    ) -> [Recording] {
        var tale = JobTale(EndedJobsProbe.self)
        for outcome in EndedJobsProbe.outcomes {
            tale.ask("result of \(outcome)", .getJobResult, first[outcome] ?? .result(.succeeded, output: "x", duration: 1))
            tale.ask("second result of \(outcome)", .getJobResult, first[outcome] ?? second)
        }
        let found = Value.dict([Value.Pair("same", false), Value.Pair("across", .none), Value.Pair("later", sharing)])
        tale.step("sharing", .look("result_sharing", .dict([Value.Pair("metrics", found), Value.Pair("artifacts", found)])))
        var other = JobTale(UnknownIDProbe.self)
        other.ask("result of unknown", .getJobResult, unknown, of: "job-9")
        return [other.recording, tale.recording]
    }

    @Test("RES-08 wants the same result each time, containers of its own, and no success for an unknown id")
    func repeatable() throws {
        // A duration or a link may be made anew.
        #expect(try verdict(RES08Repeatable.self, ended()) == "holds")
        #expect(try verdict(RES08Repeatable.self, ended(unknown: .result(.unknown))) == "holds")
        #expect(try verdict(RES08Repeatable.self, ended(second: .result(.succeeded))) == "not-repeatable")
        #expect(try verdict(RES08Repeatable.self, ended(second: .raises("KeyError"))) == "not-repeatable")
        #expect(try verdict(RES08Repeatable.self, ended(second: .result(.succeeded, output: "x", metrics: .dict([Value.Pair("a", 1)])))) == "not-repeatable")
        #expect(try verdict(RES08Repeatable.self, ended(second: .result(.succeeded, output: "x", artifacts: .list(["a"])))) == "not-repeatable")
        #expect(try verdict(RES08Repeatable.self, ended(sharing: true)) == "shared")
        let metrics = Value.dict([Value.Pair(.string(Program.metric), .double(0.25))])
        let kept = Value.list([.string("s3://job-1/\(Program.product)")])
        let left = Outcome.result(.succeeded, metrics: metrics, artifacts: kept)
        let others: [(Outcome, String)] = [
            (.result(.failed), "holds"), (.result(.failed, metrics: metrics), "of-another-job"), (.result(.failed, artifacts: kept), "of-another-job"),
            (.result(.failed, metrics: .dict([Value.Pair(.string(Program.metric), .none)]), artifacts: .list(["code.py"])), "holds"),
        ]
        for (failed, expected) in others {
            #expect(try verdict(RES08Repeatable.self, ended(first: ["succeeded": left, "failed": failed])) == expected)
        }
        #expect(try verdict(RES08Repeatable.self, ended(unknown: .result(.succeeded))) == "unknown-succeeded")
    }
}
