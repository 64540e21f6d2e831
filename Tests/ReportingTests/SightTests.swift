import Recording
import Testing

@testable import Conformance
@testable import Reporting

@Suite("What the platform saw, in sentences")
struct SightTests {
    @Test("a job's sentence says what became of it", arguments: [
        (JobTruth(id: "a", name: "n", status: "pending", started: false, exitSeen: false), "job 1 'n' pending, not started"),
        (JobTruth(id: "a", name: "n", status: "running", started: true, exitSeen: false), "job 1 'n' running, its process lives"),
        (JobTruth(id: "a", name: "n", status: "running", started: true, exitSeen: true), "job 1 'n' running, its process has ended"),
        (JobTruth(id: "a", name: "n", status: "cancelled", started: false, exitSeen: false), "job 1 'n' cancelled, never started"),
        (
            JobTruth(id: "a", name: "n", status: "failed", started: true, exitSeen: true, exitCode: 1, standardError: "x"),
            "job 1 'n' failed, exit code 1, printed nothing, wrote to stderr"
        ),
        (
            JobTruth(id: "a", name: "n", status: "failed", started: true, exitSeen: true, signal: 9, standardOutput: "x"),
            "job 1 'n' failed, ended by signal 9"
        ),
        (
            JobTruth(id: "a", name: "n", status: "succeeded", started: true, exitSeen: true, exitCode: 0),
            "job 1 'n' succeeded, exit code 0, printed nothing"
        ),
    ])
    func jobs(_ job: JobTruth, _ sentence: String) {
        #expect(SightText.of([ReportSamples.fact("jobs", .jobs([job]))]) == [sentence])
    }

    @Test("where jobs were looked at more than once, each look says when")
    func moments() {
        func look(_ label: String, _ status: String) -> Fact {
            ReportSamples.fact(label, .jobs([JobTruth(id: "a", name: "n", status: status, started: false, exitSeen: false)]))
        }
        #expect(
            SightText.of([look("before", "pending"), look("jobs at the end", "cancelled")]) == [
                "before: job 1 'n' pending, not started", "jobs at the end: job 1 'n' cancelled, never started",
            ])
    }

    @Test("many jobs are summed up by status")
    func manyJobs() {
        let jobs = (0..<12).map {
            JobTruth(id: "\($0)", name: "n", status: $0.isMultiple(of: 2) ? "succeeded" : "failed", started: false, exitSeen: true)
        }
        let sentences = SightText.of([ReportSamples.fact("jobs", .jobs(jobs))])
        #expect(sentences.count == 9)
        #expect(sentences.last == "and 4 more jobs (2 succeeded, 2 failed)")
    }

    @Test("how often a status was polled does not show, how often a job was submitted does")
    func requests() {
        func sentences(polls: Int) -> [String] {
            let polled = (0..<polls).map { _ in RequestSeen(method: "GET", path: "/v1/jobs/a?x=1", status: 200, at: 0) }
            let posts = (0..<2).map { _ in RequestSeen(method: "POST", path: "/v1/jobs", status: 201, at: 0) }
            let job = JobTruth(id: "a", name: "n", status: "running", started: true, exitSeen: false)
            return SightText.of([ReportSamples.fact("jobs", .jobs([job])), ReportSamples.fact("requests", .requests(posts + polled))])
        }
        #expect(sentences(polls: 1).last == "requests: POST /v1/jobs 201 (2 times), GET /v1/jobs/{job 1}?x=1 200")
        #expect(sentences(polls: 1) == sentences(polls: 5))
    }

    @Test("processes and what the guest printed")
    func others() {
        let job = JobTruth(id: "a", name: "n", status: "cancelled", started: true, exitSeen: true)
        let state = GuestState(
            threads: 3, sockets: 1, temporaryFiles: 0, printedToStdout: "hi\n", printedToStderr: "",
            logLines: ["fine", "token \(Redaction.marker) sent", "token \(Redaction.marker) sent"])
        #expect(
            SightText.of([
                ReportSamples.fact("jobs", .jobs([job])), ReportSamples.fact("tree", .processes(job: "a", alive: 2)),
                ReportSamples.fact("guest", .guest(state)),
            ]) == [
                "job 1 'n' cancelled", "job 1: processes of it are alive",
                "the connector's process wrote to stdout: 'hi\\n'", "it logged: token \(Redaction.marker) sent",
            ])
    }
}

@Suite("Small texts")
struct SmallTextTests {
    @Test("neighbouring ids are drawn together", arguments: [
        (["SUB-01"], "SUB-01"), (["SUB-01", "SUB-02"], "SUB-01, SUB-02"), (["SUB-01", "SUB-02", "SUB-03"], "SUB-01..03"),
        (["AUTH-07", "SUB-01", "SUB-02", "SUB-03", "SUB-08"], "AUTH-07, SUB-01..03, SUB-08"), ([], ""),
    ])
    func idLists(_ ids: [String], _ text: String) { #expect(ClauseList.of(ids) == text) }

    @Test("values read as Python", arguments: [
        (Value.none, "None"), (.bool(true), "True"), (.string("it's"), "\"it's\""), (.string("a'b\"c"), "'a\\'b\"c'"),
        (.tuple([1]), "(1,)"), (.dict([.init("a", .list([1, 2]))]), "{'a': [1, 2]}"), (.bytes([0]), "<1 byte>"),
        (.member(.init(type: "JobStatus", name: "FAILED", value: "failed", isContract: true)), "JobStatus.FAILED"),
        (.record(.init(type: "ResourceConfig", fields: [.init("gpu_count", 8)], isContract: true)), "ResourceConfig(gpu_count=8)"),
        (.other(type: "x", repr: "<x\n>"), "<x\\n>"), (.double(.nan), "nan"),
    ])
    func python(_ value: Value, _ text: String) { #expect(PythonLiteral.of(value) == text) }

    @Test("the live line replaces itself on a terminal and is nothing in a pipe")
    func progress() {
        let live = ProgressLine(isLive: true)
        #expect(live.text(probe: "first-job", done: 5, of: 10) == "\r\u{1B}[K━━━━━━━━━━──────────  5/10 first-job")
        #expect(live.end() == "\r\u{1B}[K")
        let piped = ProgressLine(isLive: false)
        #expect(piped.text(probe: "first-job", done: 5, of: 10).isEmpty && piped.end().isEmpty)
    }
}
