import Recording

@testable import Conformance

/// Hand-made reports: small, and with something of everything.
enum ReportSamples {
    static func report(
        _ results: [ClauseResult], seed: UInt64 = 7, strict: Bool = false, seconds: Double = 3.27
    ) -> Report {
        let record = CheckRecord(
            connector: "acme.py:AcmeConnector", host: "python 3.11.7", terms: Terms(seed: seed), selection: Selection(), strict: strict,
            command: "windtunnel check acme.py:AcmeConnector", durationSeconds: seconds)
        return Report(record: record, clauses: results)
    }

    static func result(
        _ id: String, _ verdict: ClauseResult.Verdict, reason: String? = nil, because: ClauseResult.Because? = nil,
        blockedBy: String? = nil, change: (inout ClauseResult) -> Void = { _ in }
    ) throws -> ClauseResult {
        guard let row = Contract.row(id) else { throw MissingRow(id: id) }
        var result = ClauseResult(row, verdict, reason: reason, because: because, blockedBy: blockedBy)
        change(&result)
        return result
    }

    struct MissingRow: Error { let id: String }

    static func fact(_ label: String, _ body: Fact.Body, at: Double = 0.5) -> Fact {
        Fact(id: "first-job/\(label)", label: label, sequence: 0, at: at, body: body)
    }

    static func call(
        _ label: String, _ method: String, _ arguments: [Call.Argument] = [], _ outcome: Outcome, at: Double = 0.5
    ) -> Fact {
        fact(label, .call(Call(instance: "main", method: method, arguments: arguments, outcome: outcome, mustReturn: true, endedAt: at)), at: at)
    }

    /// submit_job returned None: one failure, two clauses blocked by it.
    static func returnedNone() throws -> ClauseResult {
        try result("SUB-01", .failed, reason: "submit_job returned None") { result in
            result.breach = "SUB-01/returned-none"
            result.expected = "a non-empty str"
            result.seen = "None"
            result.durationSeconds = 0.1234
            result.facts = [
                call("construct", "__init__", [Call.Argument("credentials", .dict([.init("api_key", "«secret»")]))], .returned(.none)),
                call(
                    "submit", "submit_job",
                    [Call.Argument("code", "print(\"wt01\")\n"), Call.Argument("job_name", "wt02")], .returned(.none), at: 0.75),
                fact(
                    "jobs",
                    .jobs([
                        JobTruth(
                            id: "job-1a", name: "wt02", status: "succeeded", started: true, exitSeen: true, exitCode: 0,
                            standardOutput: "wt01\n")
                    ])),
                fact(
                    "requests",
                    .requests([
                        RequestSeen(method: "POST", path: "/v1/jobs", status: 201, at: 0.6),
                        RequestSeen(method: "GET", path: "/v1/jobs/job-1a", status: 200, at: 0.61),
                        RequestSeen(method: "GET", path: "/v1/jobs/job-1a", status: 200, at: 0.62),
                    ])),
            ]
        }
    }

    static func mixed() throws -> Report {
        report([
            try result("AUTH-01", .passed) { $0.witness = ["first-job/authenticate"] },
            try result("AUTH-07", .notTestable, because: .notBuilt),
            try returnedNone(),
            try result("SUB-02", .notTestable, because: .blocked, blockedBy: "SUB-01"),
            try result("SUB-03", .notTestable, because: .blocked, blockedBy: "SUB-01"),
            try result("SUB-09", .notTestable, because: .notBuilt),
            try result("LST-03", .noted, reason: "every row has a str") { $0.witness = ["first-job/list"] },
            try result("CRD-01", .notApplicable, reason: "the neural package is the harness's own"),
            try result("CRD-02", .notApplicable, reason: "the neural package is the harness's own"),
            try result("OBS-01", .skipped),
        ])
    }
}
