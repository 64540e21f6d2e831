import Recording
import Reporting
import Testing

@testable import Conformance

@Suite("The report for people")
struct TerminalReportTests {
    @Test("shows families, the breach with its evidence, what it blocks, and all that was not tested")
    func everything() throws {
        let text = TerminalReport.render(try ReportSamples.mixed(), style: Style())
        #expect(
            text == """
                acme.py:AcmeConnector  python 3.11.7, platform native, contract 1.0, seed 7

                  AUTH  authentication    ✓·    1 passed, 1 not built
                  SUB   submission        ✗↳↳·  1 failed, 2 blocked, 1 not built
                  LST   listing           i     1 noted
                  CRD   credentials file  --    2 not applicable

                ✗ SUB-01  MUST  returns a non-empty str
                  submit_job returned None
                  expected  a non-empty str
                  seen      None
                  calls     1  __init__(credentials={'api_key': '«secret»'}) returned
                            2  submit_job(code='print("wt01")\\n', job_name='wt02') returned None
                  platform  job 1 'wt02' succeeded, exit code 0, printed 5 bytes
                            requests: POST /v1/jobs 201, GET /v1/jobs/{job 1} 200
                  blocks    SUB-02, SUB-03
                  breach    SUB-01/returned-none, explained by: windtunnel contract SUB-01
                  replay    windtunnel check acme.py:AcmeConnector --only SUB-01 --seed 7

                  noted           LST-03: every row has a str
                  not applicable  CRD-01, CRD-02: the neural package is the harness's own
                  not built       AUTH-07, SUB-09
                  skipped         OBS-01: left out by an option

                not conformant: 1 failed, 1 passed, 1 noted, 2 blocked, 2 not applicable, 2 not built, 1 skipped in 3.3 s

                """)
    }

    @Test("verbose gives every clause a line, long titles wrapped below themselves")
    func verbose() throws {
        let report = ReportSamples.report([
            try ReportSamples.result("SUB-05", .passed) { $0.witness = ["a/b"] }, try ReportSamples.result("SUB-06", .passed),
        ])
        #expect(
            TerminalReport.render(report, style: Style(verbose: true, width: 80)) == """
                acme.py:AcmeConnector  python 3.11.7, platform native, contract 1.0, seed 7

                  SUB   submission        ✓✓  2 passed
                    ✓ SUB-05  MUST    the code truly runs: a nonce comes back in output or logs;
                                      unicode, both quotes, backslashes, `$`, CRLF line ends and
                                      1 MiB of code survive (judged by what the program
                                      computes, line ends themselves aside)
                    ✓ SUB-06  MUST    `environment` reaches the job

                conformant: 2 passed in 3.3 s

                """)
    }

    @Test("a stall shows the Python stacks, the innermost lines first and the rest counted")
    func stall() throws {
        let stacks = (1...20).map { "  File \"acme.py\", line \($0) in poll" }.joined(separator: "\n")
        let report = ReportSamples.report([
            try ReportSamples.result("STA-01", .failed, reason: "get_job_status did not come back") {
                $0.facts = [ReportSamples.call("status", "get_job_status", [], .timedOut(stacks: stacks))]
            }
        ])
        let lines = TerminalReport.render(report, style: Style()).split(separator: "\n").map(String.init)
        let call = try #require(lines.firstIndex { $0.hasSuffix("1  get_job_status() did not come back by its deadline") })
        #expect(lines[call + 1] == "                   File \"acme.py\", line 1 in poll")
        #expect(lines[call + 12] == "                   File \"acme.py\", line 12 in poll")
        #expect(lines[call + 13] == "                 … 8 lines more (in the JSON report)")
    }

    @Test("a warning comes after the failures, and an exception shows its causes and where it came from")
    func exceptionsAndOrder() throws {
        let raised = Raised(
            type: "KeyError", bases: ["KeyError"], message: "'id'", causes: ["ValueError"],
            frames: ["acme.py:10 submit_job", "acme.py:41 _parse"])
        let report = ReportSamples.report([
            try ReportSamples.result("SUB-08", .warned, reason: "submit_job came back after the job's end"),
            try ReportSamples.result("RES-01", .failed, reason: "get_job_result raised KeyError") {
                $0.facts = [
                    ReportSamples.call(
                        "result", "get_job_result", [Call.Argument("job_id", "job-1", positional: true)], .raised(raised))
                ]
            },
        ])
        let text = TerminalReport.render(report, style: Style())
        #expect(
            text.contains(
                """
                  calls     1  get_job_result('job-1') raised KeyError: 'id' (caused by ValueError)
                                 at acme.py:10 submit_job
                                 at acme.py:41 _parse
                """))
        let failure = try #require(text.range(of: "✗ RES-01"))
        let warning = try #require(text.range(of: "! SUB-08"))
        #expect(failure.upperBound < warning.lowerBound)
        #expect(text.hasSuffix("not conformant: 1 failed, 1 warned in 3.3 s\n"))
    }

    @Test("colour paints and changes nothing else")
    func colour() throws {
        let plain = TerminalReport.render(try ReportSamples.mixed(), style: Style())
        let painted = TerminalReport.render(try ReportSamples.mixed(), style: Style(colour: true))
        #expect(painted.contains("\u{1B}[31;1m✗ SUB-01\u{1B}[0m"))
        #expect(painted.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
        #expect(!plain.contains("\u{1B}"))
    }

    @Test("no trailing blanks, and no line beyond the width but a replay command", arguments: [60, 80, 100, 140])
    func width(_ width: Int) throws {
        var result = try ReportSamples.returnedNone()
        result.reason = String(repeating: "a long reason ", count: 30)
        result.seen = String(repeating: "seen ", count: 60)
        let report = ReportSamples.report([result, try ReportSamples.result("CFG-04", .errored, reason: result.reason)])
        for line in TerminalReport.render(report, style: Style(verbose: true, width: width)).split(separator: "\n") {
            #expect(line.last != " ")
            #expect(line.count <= width || line.hasPrefix("  replay"), "\(line)")
        }
    }

    @Test("of a choice of clauses only the chosen families have a line")
    func choice() throws {
        let report = ReportSamples.report([
            try ReportSamples.result("AUTH-01", .skipped), try ReportSamples.result("AUTH-07", .notTestable, because: .notBuilt),
            try ReportSamples.result("SUB-01", .passed), try ReportSamples.result("SUB-09", .notTestable, because: .notBuilt),
        ])
        #expect(
            TerminalReport.render(report, style: Style()) == """
                acme.py:AcmeConnector  python 3.11.7, platform native, contract 1.0, seed 7

                  SUB   submission        ✓·  1 passed, 1 not built

                  not built       AUTH-07, SUB-09
                  skipped         AUTH-01: left out by an option

                conformant: 1 passed, 2 not built, 1 skipped in 3.3 s

                """)
    }

    @Test("what a connector says cannot steer the terminal")
    func escapes() throws {
        let report = ReportSamples.report([
            try ReportSamples.result("SUB-01", .failed, reason: "it said \u{1B}[2J\nand more") {
                $0.seen = "\u{1B}]0;title\u{07}"
                $0.facts = [ReportSamples.call("submit", "submit_job", [], .returned("\u{1B}[31m\u{202E}"))]
            }
        ])
        let text = TerminalReport.render(report, style: Style())
        #expect(text.contains("it said \\x1b[2J\\nand more"))
        #expect(text.contains("returned '\\x1b[31m\\u202e'"))
        #expect(!text.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" })
    }

    @Test("clauses blocked by one that was run only for their sake are still named with it")
    func blockedElsewhere() throws {
        let report = ReportSamples.report([
            try ReportSamples.result("AUTH-01", .skipped),
            try ReportSamples.result("SUB-01", .notTestable, because: .blocked, blockedBy: "AUTH-01"),
        ])
        let text = TerminalReport.render(report, style: Style())
        #expect(text.contains("  blocked         SUB-01: AUTH-01 does not hold; see it with --only AUTH-01,SUB-01\n"))
        #expect(text.hasSuffix("not measured (no clause passed, so exit code 3): 1 blocked, 1 skipped in 3.3 s\n"))
    }

    @Test("every clause of the contract stands somewhere, whatever became of it")
    func nothingLeftOut() throws {
        let verdicts: [(ClauseResult.Verdict, ClauseResult.Because?)] = [
            (.passed, nil), (.notTestable, .notBuilt), (.failed, nil), (.skipped, nil), (.errored, nil), (.notTestable, .platform),
            (.notApplicable, nil), (.warned, nil), (.noted, nil),
        ]
        let results = try Contract.rows.enumerated().map { index, row in
            let (verdict, because) = verdicts[index % verdicts.count]
            return try ReportSamples.result(row.id, verdict, reason: "reason \(index)", because: because)
        }
        let report = ReportSamples.report(results)
        let text = TerminalReport.render(report, style: Style(verbose: true))
        for result in results where result.verdict != .skipped && result.because != .notBuilt {
            #expect(text.contains(result.id), "\(result.id) \(result.verdict)")
        }
        let total = try #require(text.split(separator: "\n").last).matches(of: /(\d+) [a-z]{2,}/).compactMap { Int($0.1) }.reduce(0, +)
        #expect(total == Contract.rows.count)
    }
}
