@testable import Conformance
import Recording
import Testing

@Suite struct ProductAndCostClausesTests {
    /// What the two submissions gave, and what the jobs wrote.
    private func dependencies(_ first: Outcome, _ second: Outcome, _ outputs: [String]) -> Recording {
        var made = HandMadeRecording(DependenciesProbe.self)
        made.call("submit with dependencies", .submitJob, first, code: "print(\"\(Self.available)\")", mustReturn: false)
        made.call("submit with a missing dependency", .submitJob, second, code: "print(\"\(Self.missing)\")", mustReturn: false)
        made.add("jobs with dependencies", .jobs(outputs.map { JobTruth(.succeeded, out: $0) }))
        return made.recording
    }

    private static let available = "wt0000000000000001"
    private static let missing = "wt0000000000000002"

    @Test("SUB-07 dependencies are there, or the submission is rejected")
    func dependencies() throws {
        let clause = SUB07DependenciesAreThere.self
        let id = Outcome.returned("job-1")
        let good = "\(Self.available)\n\(DependenciesProbe.imported)\n"
        #expect(try verdict(clause, [dependencies(id, .cloudException, [good])]) == "holds")
        #expect(try verdict(clause, [dependencies(.valueError, .valueError, [])]) == "holds")
        // A job that failed while it installed never ran the code.
        #expect(try verdict(clause, [dependencies(id, id, ["No matching distribution\n", "pip says\n" + good])]) == "holds")
        #expect(try verdict(clause, [dependencies(id, .cloudException, ["\(Self.available)\n\(DependenciesProbe.notFound)\n"])]) == "missing")
        let other = "\(Self.available)\n\(DependenciesProbe.otherVersion)\n"
        #expect(try verdict(clause, [dependencies(id, .cloudException, [other])]) == "other-version")
        #expect(try verdict(clause, [dependencies(id, .cloudException, ["usage: pip\n"])]) == "never-ran")
        #expect(try verdict(clause, [dependencies(id, id, [good, "\(Self.missing)\n"])]) == "ran-without")
    }

    private func products(metrics: Value, artifacts: Value) -> Recording {
        var made = HandMadeRecording(JobProductsProbe.self)
        made.add("job ended", .jobs([.made("")]))
        made.call("result", .getJobResult, .result(.succeeded, metrics: metrics, artifacts: artifacts))
        return made.recording
    }

    @Test("RES-09 what the job wrote is in the result, in whatever form")
    func products() throws {
        let clause = RES09ProductsAreThere.self
        let plain = Value.dict([Value.Pair("wt_accuracy", .double(0.875)), Value.Pair("wt_loss", .double(0.25))])
        let series = Value.dict([
            Value.Pair("wt_accuracy", .list([.dict([Value.Pair("step", 1), Value.Pair("value", .double(0.875))])])),
            Value.Pair("wt_loss", "0.25"),
        ])
        let url = Value.list(JobProductsProbe.artifacts.map { .string("s3://bucket/job-1/\($0)") })
        // A URL may have its name percent-encoded, and leave out the folder.
        let encoded = Value.list(["/a/wt-weights.bin?signed=1", "/a/wt-notes.txt", "/a/wt-gr%C3%BC%c3%9fe.txt"])
        #expect(try verdict(clause, [products(metrics: plain, artifacts: encoded)]) == "holds")
        let first = Value.list([.string(JobProductsProbe.artifacts[0])])
        #expect(try verdict(clause, [products(metrics: plain, artifacts: first)]) == "artifacts-incomplete")
        #expect(try verdict(clause, [products(metrics: plain, artifacts: url)]) == "holds")
        #expect(try verdict(clause, [products(metrics: series, artifacts: url)]) == "holds")
        #expect(try verdict(clause, [products(metrics: .dict([]), artifacts: url)]) == "metrics-missing")
        let other = Value.dict([Value.Pair("wt_accuracy", 1), Value.Pair("wt_loss", .double(0.25))])
        #expect(try verdict(clause, [products(metrics: other, artifacts: url)]) == "metrics-wrong")
        #expect(try verdict(clause, [products(metrics: plain, artifacts: .list([]))]) == "artifacts-missing")
        #expect(try verdict(clause, [products(metrics: .dict([]), artifacts: url)], Terms(off: [.metrics: "none"])) == "holds")
        #expect(try verdict(clause, [products(metrics: plain, artifacts: .list([]))], Terms(off: [.artifacts: "none"])) == "holds")
        let off = Terms(off: [.metrics: "none", .artifacts: "none"])
        #expect(try verdict(clause, [products(metrics: .dict([]), artifacts: .list([]))], off) == "not applicable")
    }

    /// How many requests the status read made, all alike or all different.
    private func costs(_ count: Int, alike: Bool = false) -> [Recording] {
        var made = HandMadeRecording(RequestCostsProbe.self)
        var seen: [RequestSeen] = []
        made.add("before submit_job", .requests([]))
        made.call("submit", .submitJob, .returned("job-1"))
        for method in RequestCostsProbe.reads {
            made.add("before \(method.rawValue)", .requests(seen))
            made.call(method.rawValue, method, .returned(true))
            for number in 0..<(method == .getJobStatus ? count : 1) {
                seen.append(RequestSeen(method: "GET", path: alike ? "/a" : "/\(number)", status: 200, at: 0))
            }
            made.add("after \(method.rawValue)", .requests(seen))
        }
        var files = HandMadeRecording(PathEscapesProbe.self)
        files.add("requests before", .requests([]))
        files.call("upload a plain name", .uploadFile, .raises("NotImplementedError"))
        return [made.recording, files.recording]
    }

    @Test("COST-01 gives figures, and none that differ from run to run")
    func figures() throws {
        func text(_ recordings: [Recording]) throws -> String {
            guard case .noted(let text, _) = try COST01RequestsPerCall.judge(Evidence(recordings: recordings, terms: Terms())) else { return "" }
            return text
        }
        #expect(try text(costs(2)).contains("get_job_status 2, get_job_result 1"))
        #expect(try !text(costs(2, alike: true)).contains("get_job_status"))
        #expect(try verdict(COST01RequestsPerCall.self, costs(11)) == "many-requests")
        #expect(try verdict(COST01RequestsPerCall.self, costs(10)) == "noted")
    }

    private func history(_ rows: [Int?], listed: Int = 10) -> Recording {
        var made = HandMadeRecording(LongHistoryProbe.self)
        let before = [RequestSeen(method: "GET", path: "/v1/jobs", status: 200, at: 0, rows: 500)]
        made.call("submit", .submitJob, .returned("job-1"))
        made.add("before the list", .requests(before))
        made.call("list of 10", .listJobs, .returned(.list([Value](repeating: .dict([]), count: listed))))
        made.add("after the list", .requests(before + rows.map { RequestSeen(method: "GET", path: "/v1/jobs", status: 200, at: 0, rows: $0) }))
        return made.recording
    }

    @Test("COST-03 counts the rows of this call alone")
    func rows() throws {
        #expect(try verdict(COST03FewRowsRead.self, [history([10])]) == "holds")
        #expect(try verdict(COST03FewRowsRead.self, [history([nil, 50, 50])]) == "holds")
        #expect(try verdict(COST03FewRowsRead.self, [history([100, 1])]) == "too-many-rows")
        guard case .breached(_, let failure) = try COST03FewRowsRead.judge(Evidence(recordings: [history([100, 1])], terms: Terms())) else {
            Issue.record("101 rows are no breach")
            return
        }
        #expect(failure.seen == "101 rows")
        #expect(try verdict(COST03FewRowsRead.self, [history([], listed: 0)]) == "not applicable")
    }
}
