import Recording

enum RES08Repeatable: Clause {
    enum Breach: String, BreachCode {
        case notRepeatable = "not-repeatable"
        case expires
        case shared
        case ofAnotherJob = "of-another-job"
        case unknownSucceeded = "unknown-succeeded"
    }

    static let id = "RES-08"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [UnknownIDProbe.self, EndedJobsProbe.self]
    static let page = Page(
        requires: """
            get_job_result gives the same result each time. What the caller does to `metrics` or `artifacts` of one result shows in no other,
            of the same job or another; what one job left is in the result of no other. For an id that no job has it never says SUCCEEDED.
            """,
        why: "Results are read by the program, then by a notebook, then by a report. Whoever reads first must not spoil it for the others.",
        breach: "The output, or the metrics, are there for the first read only; artifacts are added to a list with each read; where a job has no metrics, those of the last one are given; one dict as the default of all results; SUCCEEDED when nothing was found.",
        mend: "Ask the platform each time, or hand out copies. Build `metrics` and `artifacts` anew for each result.",
        failing: """
            EMPTY = {}
            def get_job_result(self, job_id):
                return JobResult(job_id=job_id, status=JobStatus.SUCCEEDED, metrics=EMPTY)      # one dict for all
            """,
        passing: """
            def get_job_result(self, job_id):
                job = self._get(f"/v1/jobs/{job_id}/result")
                return JobResult(job_id=job_id, status=JobStatus(job["status"]), metrics=dict(job["metrics"]))
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let unknown = try evidence.recording(UnknownIDProbe.self).call("result of unknown")
        if Status(unknown.value?.record?["status"]) == .succeeded {
            return .breached(
                .unknownSucceeded,
                Failure(
                    "get_job_result said SUCCEEDED for an id that no job has", expected: "CloudException, or another status",
                    seen: "JobStatus.SUCCEEDED", facts: [unknown.fact]))
        }
        let recording = try evidence.recording(EndedJobsProbe.self)
        var facts: [Fact] = []
        for outcome in EndedJobsProbe.outcomes {
            let first = try recording.call("result of \(outcome)")
            let second = try recording.call("second result of \(outcome)")
            if let seen = difference(try first.result(), second) {
                return .breached(
                    .notRepeatable,
                    Failure(
                        "get_job_result gave another result of the same job the second time", expected: "the same result", seen: seen,
                        facts: [first.fact, second.fact]))
            }
            facts += [first.fact, second.fact]
        }
        if let failure = try mixed(recording) { return .breached(.ofAnotherJob, failure) }
        // Each result has been read twice by then: a further read that fails is no other method's matter.
        if let cut = recording.fact("sharing (cut short)"), let stop = recording.stop {
            return .breached(
                .expires,
                Failure(
                    "get_job_result fails when the same result is read again and again", expected: "the same result each time",
                    seen: stop.reason, facts: facts + [cut]))
        }
        let (look, found) = try recording.look("sharing")
        if let name = shared(found) {
            return .breached(
                .shared,
                Failure(
                    "a change to \(name) of one result shows in another", expected: "\(name) of its own for each result",
                    seen: "one object for several results", facts: facts + [look]))
        }
        return .holds(Witness(look, others: facts + [unknown.fact]))
    }

    /// What differs. Links may be signed anew each time, also those to artifacts, and RES-06 judges the duration.
    private static func difference(_ first: Value.Record, _ second: CallFact) -> String? {
        guard let other = second.value?.record else { return second.outcome.phrase }
        if let name = ["job_id", "status", "output", "error", "metrics"].first(where: { first[$0] != other[$0] }) { return "another \(name)" }
        return first["artifacts"]?.items?.count == other["artifacts"]?.items?.count ? nil : "another number of artifacts"
    }

    /// The failed job left nothing: what the other one left is not its own, whatever else a connector makes of a job.
    private static func mixed(_ recording: Recording) throws -> Failure? {
        let other = try recording.call("result of \(EndedJobsProbe.outcomes[0])")
        guard let metric = try other.result()["metrics"]?[Program.metric], metric != .none else { return try artifact(recording, other) }
        for call in try failed(recording) where call.value?.record?["metrics"]?[Program.metric] == metric {
            return failure("metrics", call, other)
        }
        return try artifact(recording, other)
    }

    private static func artifact(_ recording: Recording, _ other: CallFact) throws -> Failure? {
        try failed(recording).first { call in
            call.value?.record?["artifacts"]?.items?.contains { $0.string?.contains(Program.product) ?? false } ?? false
        }.map { failure("artifacts", $0, other) }
    }

    private static func failed(_ recording: Recording) throws -> [CallFact] {
        let name = EndedJobsProbe.outcomes[1]
        return try ["result of \(name)", "second result of \(name)"].map { try recording.call($0) }
    }

    private static func failure(_ what: String, _ call: CallFact, _ other: CallFact) -> Failure {
        Failure(
            "the result of a job has \(what) of another one", expected: "what this job left, which is nothing",
            seen: "what the other job left", facts: [other.fact, call.fact])
    }

    private static func shared(_ found: Value) -> String? {
        ["metrics", "artifacts"].first { name in
            ["same", "across", "later"].contains { found[name]?[$0] == .bool(true) }
        }
    }
}
