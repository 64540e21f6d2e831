import Recording
import Testing

@testable import Conformance

@Suite("Clauses on get_logs, on threads and processes, and on etiquette")
struct EtiquetteClausesTests {
    // MARK: - Logs

    private let written = (out: "outA\noutB\n", err: "errA\nerrB\n")

    private func logs(early: Outcome, end: String, again: String? = nil) -> Story {
        var story = Story(JobLogsProbe.self)
        story.jobs("first words written", JobTruth(.running, out: "outA\n", err: "errA\n"))
        story.call("logs while it runs", .getLogs, early, mustReturn: false)
        story.jobs("job ended", JobTruth(.succeeded, out: written.out, err: written.err))
        story.call("logs at the end", .getLogs, .returned(.string(end)))
        story.call("logs once more", .getLogs, .returned(.string(again ?? end)))
        return story
    }

    @Test(
        "LOG-02 holds for logs that grow at their end",
        arguments: [Outcome.returned("errA\noutA\n"), .returned("errA\noutA"), .returned("errA\n"), .returned("")])
    func logsGrow(early: Outcome) throws {
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: early, end: "errA\noutA\noutB\nerrB\n")) == "holds")
    }

    @Test("LOG-02 wants logs that can be read while the job runs, or live_logs declared off, which leaves the end to judge")
    func liveLogs() throws {
        let full = "errA\noutA\noutB\nerrB\n"
        let off = Terms(off: [.liveLogs: "kept until the end"])
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .cloudException, end: full)) == "live-raised")
        #expect(try verdict(LOG02BothStreamsGrowing.self, [logs(early: .cloudException, end: full).recording], off) == "noted")
        #expect(try verdict(LOG02BothStreamsGrowing.self, [logs(early: .cloudException, end: written.out).recording], off) == "stderr-missing")
    }

    @Test("LOG-02 takes what was read of a waiting job for the beginning of its log", arguments: [
        (Outcome.returned(""), "holds"), (.cloudException, "holds"), (.returned("# job 1\n"), "holds"), (.returned("No logs yet"), "not-prefix"),
    ])
    func waiting(early: Outcome, expected: String) throws {
        let full = "errA\noutA\noutB\nerrB\n"
        var life = Story(JobLifeProbe.self)
        life.call(JobLifeProbe.logsWhilePending, .getLogs, early, mustReturn: false)
        life.call(JobLifeProbe.logsAtTheEnd, .getLogs, .returned("# job 1\nout\n"), mustReturn: false)
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned(""), end: full), life) == expected)
    }

    @Test("LOG-02 sees UTF-8 that was read as something else")
    func garbled() throws {
        var story = Story(JobLogsProbe.self)
        let out = "outA\n\(Program.foreign)\noutB\n"
        story.jobs("first words written", JobTruth(.running, out: "outA\n"))
        story.call("logs while it runs", .getLogs, .returned(""), mustReturn: false)
        story.jobs("job ended", JobTruth(.succeeded, out: out, err: written.err))
        story.call("logs at the end", .getLogs, .returned("outA\ngr\u{C3}\noutB\nerrA\nerrB\n"))
        story.call("logs once more", .getLogs, .returned(""))
        #expect(try finding(LOG02BothStreamsGrowing.self, story) == "garbled")
    }

    @Test("LOG-02 sees a missing stream, a placeholder, and streams put one after the other")
    func logsBreaches() throws {
        let full = "errA\noutA\noutB\nerrB\n"
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned(""), end: written.out)) == "stderr-missing")
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned(""), end: written.err)) == "stdout-missing")
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned("No logs yet"), end: full)) == "not-prefix")
        #expect(
            try finding(LOG02BothStreamsGrowing.self, logs(early: .returned("outA\nerrA\n"), end: written.out + written.err)) == "not-prefix")
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned(""), end: full, again: "1\n" + full)) == "not-prefix")
    }

    @Test("LOG-02 wants the output and the reason of a job that failed", arguments: [
        (Outcome.returned("word\nTraceback\nE: planned\n"), "holds"), (.returned("[out] word\n[err] E: planned"), "holds"),
        (.returned("E: planned\nword\n"), "holds"), (.returned("word\n"), "failed-lacks-logs"), (.returned("E: planned"), "failed-lacks-logs"),
        (.cloudException, "holds"), (.returned(.none), "holds"),
    ])
    func failedJob(outcome: Outcome, expected: String) throws {
        var story = Story(ExitCodesProbe.self)
        for ending in ExitCodesProbe.Ending.allCases { story.submit("submit \(ending.rawValue)", ending.rawValue, .printing(ending.rawValue)) }
        story.jobs(
            "jobs ended", ExitCodesProbe.Ending.allCases.map { _ in JobTruth(.failed, out: "word\n", err: "Traceback\n  at 1\nE: planned\n\n") })
        story.call("logs of uncaught exception", .getLogs, outcome, mustReturn: false)
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned(""), end: "errA\noutA\noutB\nerrB\n"), story) == expected)
    }

    @Test("LOG-02 wants what a cancelled job wrote before", arguments: [
        (Status.cancelled, Outcome.returned("out\nerr\n"), "holds"), (.cancelled, .returned(""), "cancelled-lacks-logs"),
        (.cancelled, .returned("out"), "cancelled-lacks-logs"), (.cancelled, .cloudException, "holds"), (.succeeded, .returned(""), "holds"),
    ])
    func cancelledJob(status: Status, outcome: Outcome, expected: String) throws {
        var story = Story(CancelledResultProbe.self)
        story.jobs("job ended", JobTruth(status, out: "out\n", err: "err\n"))
        story.call("logs", .getLogs, outcome, mustReturn: false)
        #expect(try finding(LOG02BothStreamsGrowing.self, logs(early: .returned(""), end: "errA\noutA\noutB\nerrB\n"), story) == expected)
    }

    // MARK: - Threads and processes

    private func parallel(
        ids: [String] = (1...8).map { "job-\($0)" }, raised: Bool = false, status: Status = .succeeded, codes: [Int] = Array(1...8)
    ) -> Story {
        var story = Story(ParallelSubmitsProbe.self)
        for (number, id) in zip(1..., ids) {
            let outcome: Outcome = raised && number == 8 ? .raised("RuntimeError") : .returned(.string(id))
            let code = Program.printing("wt000000000000000\(number)").code
            story.call("submit \(number)", .submitJob, outcome, Call.Argument("code", .string(code)), mustReturn: false)
        }
        let truths = codes.map { JobTruth(.succeeded, out: "wt000000000000000\($0)\n") }
        for label in ["the last job ended", "jobs ended"] { story.jobs(label, truths) }
        for number in 1...8 { story.call("status of job \(number)", .getJobStatus, .gave(status), mustReturn: false) }
        return story
    }

    @Test("CON-01 wants eight ids, eight jobs, eight ends")
    func parallelSubmits() throws {
        #expect(try finding(CON01ParallelSubmits.self, parallel()) == "holds")
        #expect(try finding(CON01ParallelSubmits.self, parallel(ids: Array(repeating: "job-8", count: 8))) == "same-id")
        #expect(try finding(CON01ParallelSubmits.self, parallel(raised: true)) == "raised")
        #expect(try finding(CON01ParallelSubmits.self, parallel(status: .running)) == "no-end")
        #expect(try finding(CON01ParallelSubmits.self, parallel(codes: [8, 2, 3, 4, 5, 6, 7, 1])) == "holds")
        #expect(try finding(CON01ParallelSubmits.self, parallel(codes: [1, 2, 3, 4, 5, 6, 8, 8])) == "other-code")
    }

    private func second(
        status: Outcome = .gave(.succeeded), result: Outcome = .result(.succeeded), logs: Outcome = .returned("a word"), listed: [String] = ["job-2", "job-1"], viewer: String
    ) -> Story {
        var story = Story(SecondViewProbe.self)
        story.submit("submit succeeded", "job-1", .printing("wt0000000000000001"))
        story.submit("submit failed", "job-2", .printing("wt0000000000000002"))
        story.jobs("jobs ended", JobTruth(.succeeded), JobTruth(.failed))
        for (outcome, own) in [("succeeded", Status.succeeded), ("failed", .failed)] {
            story.call("status of \(outcome) to the owner", .getJobStatus, .gave(own))
            story.call("result of \(outcome) to the owner", .getJobResult, .result(own))
            story.call("logs of \(outcome) to the owner", .getLogs, .returned("a word"))
            for other in SecondViewProbe.viewers {
                let seen = other == viewer && outcome == "succeeded" ? status : .gave(own)
                story.call("status of \(outcome) to the \(other)", .getJobStatus, seen, mustReturn: false)
                let isSpoiled = other == viewer && outcome == "succeeded"
                story.call("result of \(outcome) to the \(other)", .getJobResult, isSpoiled ? result : .result(own), mustReturn: false)
                story.call("logs of \(outcome) to the \(other)", .getLogs, isSpoiled ? logs : .returned("a word"), mustReturn: false)
            }
        }
        for other in SecondViewProbe.viewers {
            let ids = other == viewer ? listed : ["job-2", "job-1"]
            story.call("list of the \(other)", .listJobs, .rows(ids.map { (id: $0, status: .succeeded) }))
        }
        return story
    }

    @Test("CON-02 looks with the eyes of another instance and of another process", arguments: SecondViewProbe.viewers)
    func secondView(viewer: String) throws {
        #expect(try finding(CON02SecondViewAgrees.self, second(viewer: viewer)) == "holds")
        #expect(try finding(CON02SecondViewAgrees.self, second(status: .gave(.unknown), viewer: viewer)) == "other-status")
        #expect(try finding(CON02SecondViewAgrees.self, second(status: .cloudException, viewer: viewer)) == "other-status")
        #expect(try finding(CON02SecondViewAgrees.self, second(result: .cloudException, viewer: viewer)) == "other-result")
        #expect(try finding(CON02SecondViewAgrees.self, second(result: .result(.failed), viewer: viewer)) == "other-result")
        #expect(try finding(CON02SecondViewAgrees.self, second(logs: .returned(""), viewer: viewer)) == "other-logs")
        let silent = try words(CON02SecondViewAgrees.self, [second(logs: .returned(""), viewer: viewer).recording])
        #expect(silent == "get_logs of a \(viewer) gives an empty str where the first instance gets an answer: an empty str")
        #expect(try finding(CON02SecondViewAgrees.self, second(logs: .returned("[log] a word"), viewer: viewer)) == "holds")
        #expect(try finding(CON02SecondViewAgrees.self, second(listed: ["job-2"], viewer: viewer)) == "not-listed")
    }

    // MARK: - Etiquette

    /// - Parameter half: the sockets after half of the calls; nil where they grow evenly, as all else does.
    private func etiquette(
        threads: Int = 3, sockets: Int = 1, half: Int? = nil, files: Int = 0, out: String = "", err: String = ""
    ) -> Story {
        var story = Story(EtiquetteProbe.self)
        story.submit("submit", "job-1", .printing("wt0000000000000001"))
        story.guest("after 5 calls")
        story.guest("after 27 calls", threads: (threads + 3) / 2, sockets: half ?? (sockets + 1) / 2, files: files / 2)
        story.guest("after 50 calls", threads: threads, sockets: sockets, files: files)
        story.call("status of an unknown job", .getJobStatus, .cloudException, mustReturn: false)
        story.guest("at the end", out: out, err: err)
        return story
    }

    @Test("OBS-01 minds whatever is printed, white space aside")
    func prints() throws {
        #expect(try finding(OBS01PrintsNothing.self, etiquette()) == "holds")
        #expect(try finding(OBS01PrintsNothing.self, etiquette(out: "\n")) == "holds")
        #expect(try finding(OBS01PrintsNothing.self, etiquette(out: "Error: no such job\n")) == "stdout")
        #expect(try finding(OBS01PrintsNothing.self, etiquette(err: "polling...")) == "stderr")
    }

    @Test("OBS-02 allows a pool that fills to its bound, but nothing that grows with the calls")
    func grows() throws {
        #expect(try finding(OBS02LeavesNothingBehind.self, etiquette(threads: 13, sockets: 11, files: 1)) == "holds")
        #expect(try finding(OBS02LeavesNothingBehind.self, etiquette(sockets: 64, half: 64)) == "holds")
        #expect(try finding(OBS02LeavesNothingBehind.self, etiquette(sockets: 30, half: 5)) == "holds")
        #expect(try finding(OBS02LeavesNothingBehind.self, etiquette(threads: 48)) == "threads-grow")
        #expect(try finding(OBS02LeavesNothingBehind.self, etiquette(sockets: 46)) == "sockets-grow")
        #expect(try finding(OBS02LeavesNothingBehind.self, etiquette(files: 45)) == "temporary-files-grow")
    }
}
