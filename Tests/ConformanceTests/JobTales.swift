import Recording

@testable import Conformance

/// A probe's recording, told step by step, for the clauses on submissions, statuses and results.
struct JobTale {
    private var made: HandMadeRecording

    init(_ probe: any Probe.Type) { made = HandMadeRecording(probe) }

    var recording: Recording { made.recording }

    mutating func step(_ label: String, _ body: Fact.Body) { made.add(label, body) }

    mutating func submit(
        _ label: String, _ outcome: Outcome = .returned("job-1"), code: String = "print(1)", _ more: [Call.Argument] = []
    ) {
        call(label, .submitJob, outcome, [Call.Argument("code", .string(code))] + more)
    }

    mutating func status(_ label: String, _ status: Status, of id: String = "job-1") {
        call(label, .getJobStatus, .returned(status.value), [Call.Argument("job_id", .string(id), positional: true)])
    }

    mutating func ask(_ label: String, _ method: Conformance.Method, _ outcome: Outcome, of id: String = "job-1", at: Double = 0) {
        call(label, method, outcome, [Call.Argument("job_id", .string(id), positional: true)], at: at)
    }

    mutating func jobs(_ label: String, _ jobs: [JobTruth]) { step(label, .jobs(jobs)) }

    mutating func processes(_ label: String, _ alive: Int) { step(label, .processes(job: "p", alive: alive)) }

    mutating func release(_ label: String = "release") { step(label, .harness("the hold is released")) }

    private mutating func call(_ label: String, _ method: Conformance.Method, _ outcome: Outcome, _ arguments: [Call.Argument], at: Double = 0) {
        made.add(
            label,
            .call(
                Call(
                    instance: "main", method: method.rawValue, arguments: arguments, outcome: outcome, mustReturn: false, endedAt: at)))
    }
}

extension Outcome {
    /// A `JobResult`; what is not given stands as the dataclass has it.
    static func result(
        _ status: Status, id: Value = "job-1", output: Value = .none, error: Value = .none, metrics: Value = .dict([]),
        artifacts: Value = .list([]), duration: Value = .none, isContract: Bool = true
    ) -> Outcome {
        .returned(
            .record(
                Value.Record(
                    type: "JobResult",
                    fields: [
                        Value.Field("job_id", id), Value.Field("status", status.value), Value.Field("output", output),
                        Value.Field("error", error), Value.Field("metrics", metrics), Value.Field("artifacts", artifacts),
                        Value.Field("logs_url", .none), Value.Field("duration_seconds", duration),
                    ], isContract: isContract)))
    }
}

extension JobTruth {
    /// A job of the exit-codes probe as the platform has it.
    static func ended(_ ending: ExitCodesProbe.Ending, out: String = "wt\nmore\n", wall: Double = 0.1) -> JobTruth {
        JobTruth(
            id: "p", name: "n", status: ending.endsWell ? "succeeded" : "failed", started: true, exitSeen: true,
            exitCode: ending.endsWell ? 0 : 3, wallSeconds: ending == .slow ? 0.8 : wall,
            createdToFinishedSeconds: ending == .slow ? 0.9 : wall + 0.1, standardOutput: out)
    }
}
