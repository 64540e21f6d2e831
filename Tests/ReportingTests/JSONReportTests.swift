import Foundation
import Recording
import Reporting
import Testing

@testable import Conformance

@Suite("The report for machines")
struct JSONReportTests {
    @Test("has the interface's keys in the interface's order")
    func exactText() throws {
        let report = ReportSamples.report([try ReportSamples.returnedNone(), try ReportSamples.result("SUB-09", .notTestable, because: .notBuilt)])
        #expect(
            JSONReport.encode(report) == """
                {
                  "schema": "windtunnel.report/1",
                  "contract": "1.0",
                  "seed": 7,
                  "subject": {
                    "connector": "acme.py:AcmeConnector",
                    "host": "python 3.11.7"
                  },
                  "platform": {
                    "name": "native",
                    "simulated": true
                  },
                  "clock": "wall",
                  "summary": {
                    "verdict": "not conformant",
                    "passed": 0,
                    "failed": 1,
                    "warned": 0,
                    "noted": 0,
                    "not_applicable": 0,
                    "not_testable": 1,
                    "skipped": 0,
                    "errored": 0,
                    "duration_seconds": 3.27
                  },
                  "clauses": [
                    {
                      "id": "SUB-01",
                      "level": "MUST",
                      "title": "returns a non-empty str",
                      "verdict": "failed",
                      "reason": "submit_job returned None; expected a non-empty str, seen None",
                      "breach": "SUB-01/returned-none",
                      "because": null,
                      "blocked_by": null,
                      "witness": null,
                      "evidence": [
                        {
                          "call": "__init__",
                          "arguments": {
                            "credentials": {
                              "api_key": "«secret»"
                            }
                          },
                          "outcome": "returned",
                          "value": null,
                          "at": 0.5
                        },
                        {
                          "call": "submit_job",
                          "arguments": {
                            "code": "print(\\"wt01\\")\\n",
                            "job_name": "wt02"
                          },
                          "outcome": "returned",
                          "value": null,
                          "at": 0.75
                        }
                      ],
                      "platform_saw": [
                        "job 1 'wt02' succeeded, exit code 0, printed 5 bytes",
                        "requests: POST /v1/jobs 201, GET /v1/jobs/{job 1} 200"
                      ],
                      "replay": "windtunnel check acme.py:AcmeConnector --only SUB-01 --seed 7",
                      "duration_seconds": 0.123
                    },
                    {
                      "id": "SUB-09",
                      "level": "MUST",
                      "title": "a rejected submission raises `CloudExecutionError`; never returns None or \\"None\\"",
                      "verdict": "not_testable",
                      "reason": null,
                      "breach": null,
                      "because": "not_built",
                      "blocked_by": null,
                      "witness": null,
                      "evidence": [],
                      "platform_saw": [],
                      "replay": null,
                      "duration_seconds": 0.0
                    }
                  ]
                }

                """)
    }

    @Test("values are plain JSON: a member is its value, a dataclass an object, bytes base64, the rest a repr")
    func plainValues() throws {
        let status = Value.Member(type: "JobStatus", name: "RUNNING", value: "running", isContract: true)
        let value = Value.list([
            .member(status), .record(.init(type: "JobResult", fields: [.init("job_id", "j"), .init("error", nil)], isContract: true)),
            .bytes([1, 2, 255]), .tuple([1, true]), .dict([.init(1, "one")]), .double(.infinity), .double(1.5),
            .other(type: "Response", repr: "<Response [200]>"),
        ])
        #expect(
            try evidence(.returned(value))["value"] as? NSArray == [
                "running", ["job_id": "j", "error": NSNull()], "AQL/", [1, true], ["1": "one"], "inf", 1.5, "<Response [200]>",
            ])
    }

    @Test("an exception, a stall and a death each have their object")
    func outcomes() throws {
        let raised = try evidence(.raised(Raised(type: "ValueError", bases: [], message: "no\u{1}")))
        #expect(raised["outcome"] as? String == "raised")
        #expect(raised["value"] as? [String: String] == ["exception": "ValueError", "message": "no\u{1}"])
        let stalled = try evidence(.timedOut(stacks: "File \"a.py\""))
        #expect(stalled["outcome"] as? String == "timed_out")
        #expect(stalled["value"] as? [String: String] == ["stacks": "File \"a.py\""])
        let died = try evidence(.died(how: "signal 9"))
        #expect(died["outcome"] as? String == "died")
        #expect(died["value"] as? [String: String] == ["how": "signal 9"])
    }

    @Test("a long text keeps both ends and says how much is left out")
    func shortening() throws {
        let code = "begin" + String(repeating: "x", count: 1_048_576) + "end"
        let text = try #require(try evidence(.returned(.string(code)))["value"] as? String)
        #expect(text.hasPrefix("begin") && text.hasSuffix("end"))
        #expect(text.contains("… 1,046,584 characters left out …"))
        #expect(text.count < 2_100)
    }

    @Test("a secret in the middle of a long text is shown, with what stands around it", arguments: [900, 1_700, 50_000, 98_300, 99_300, 100_000])
    func secret(place: Int) throws {
        let said = String(repeating: "x", count: place) + "key: \(Redaction.marker)." + String(repeating: "y", count: 100_000 - place)
        let text = try #require(try evidence(.returned(.string(said)))["value"] as? String)
        #expect(text.contains("key: \(Redaction.marker)") && text.hasPrefix("xxx") && text.count < 2_150)
        let leftOut = text.matches(of: /… ([0-9,]+) characters left out …/)
        let shown = text.count - leftOut.reduce(0) { $0 + $1.output.0.count }
        let counted = leftOut.compactMap { Int($0.output.1.filter { $0 != "," }) }.reduce(0, +)
        #expect(!leftOut.isEmpty && shown + counted == said.count)
    }

    private func evidence(_ outcome: Outcome) throws -> [String: Any] {
        let report = ReportSamples.report([
            try ReportSamples.result("SUB-01", .failed, reason: "r") { $0.facts = [ReportSamples.call("submit", "submit_job", [], outcome)] }
        ])
        let root = try #require(try JSONSerialization.jsonObject(with: Data(JSONReport.encode(report).utf8)) as? [String: Any])
        let clauses = try #require(root["clauses"] as? [[String: Any]])
        return try #require((clauses.first?["evidence"] as? [[String: Any]])?.first)
    }
}
