import Recording

enum AUTH04NothingBeforeAuthentication: Clause {
    enum Breach: String, BreachCode {
        case pretended
        case madeUp = "made-up-answer"
        case jobCreated = "job-created"
    }

    static let id = "AUTH-04"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [UnauthenticatedProbe.self]
    static let page = Page(
        requires: """
            A call on an instance that was not authenticated raises, or authenticates by itself and then does what it says. \
            With bad credentials no job comes into being, and no call answers as if it had asked the platform.
            """,
        why: "A caller who forgot authenticate(), or whose key was revoked, must not be told that a job runs when none does.",
        breach: """
            submit_job returns an id though the platform has no new job; get_job_status answers RUNNING without having asked; \
            list_jobs answers [] after a 401, get_logs an empty str, cancel_job and upload_file True; a token kept on the class lets an instance with a wrong key submit.
            """,
        mend: "Begin each call with a check that authenticates or raises CloudConnectionError, and keep all state on the instance.",
        failing: """
            def get_job_status(self, job_id):
                answer = self._get(f"/v1/jobs/{job_id}")
                return JobStatus(answer.get("status", "running"))      # also what a 401 becomes
            """,
        passing: """
            def get_job_status(self, job_id):
                self._ensure_authenticated()                           # raises CloudConnectionError
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(UnauthenticatedProbe.self)
        let fresh = try recording.call("submit fresh")
        if fresh.raised == nil {
            let record = try recording.jobs("job of fresh")
            if record.jobs.isEmpty { return .breached(.pretended, pretended(fresh, "before authentication", record.fact)) }
            guard fresh.value?.string?.isEmpty == false else {
                return .breached(
                    .pretended,
                    Failure(
                        "submit_job returned \(fresh.outcome.phrase) before authentication", expected: "an exception, or the id of a job",
                        seen: fresh.outcome.phrase, facts: [fresh.fact, record.fact]))
            }
        }
        let before = try recording.jobs("jobs before")
        let after = try recording.jobs("jobs after")
        let constructions = try BadCredentials.all.filter { recording.fact("construct \($0.name)") != nil }.map {
            ($0, try recording.call("construct \($0.name)"))
        }
        let made = constructions.filter { $0.1.raised == nil }.map(\.0)
        for bad in made {
            if let (breach, failure) = try submission(recording, bad) { return .breached(breach, failure) }
        }
        let facts = constructions.map(\.1.fact) + (try made.map { try recording.call("submit \($0.name)").fact }) + [after.fact]
        guard after.jobs.count <= before.jobs.count else {
            return .breached(
                .jobCreated,
                Failure(
                    "a job came into being while only instances with bad credentials were used", expected: "no new job", seen: "a new job",
                    facts: facts))
        }
        let truth = try MadeUpAnswers.Truth(recording, before: after.jobs.count)
        for bad in made {
            if let failure = try MadeUpAnswers(recording, bad, truth).first { return .breached(.madeUp, failure) }
        }
        return .holds(Witness(fresh.fact, others: facts + [truth.fact]))
    }

    private static func submission(_ recording: Recording, _ bad: BadCredentials) throws -> (Breach, Failure)? {
        let call = try recording.call("submit \(bad.name)")
        let record = try recording.jobs("jobs of \(bad.name)")
        if !record.jobs.isEmpty {
            return (
                .jobCreated,
                Failure(
                    "submit_job created a job with \(bad.phrase)", expected: "an exception and no job", seen: "a job on the platform",
                    facts: [call.fact, record.fact])
            )
        }
        return call.raised == nil ? (.pretended, pretended(call, "with \(bad.phrase)", record.fact)) : nil
    }

    private static func pretended(_ call: CallFact, _ when: String, _ record: Fact) -> Failure {
        Failure(
            "submit_job returned \(when), and the platform has no such job", expected: "an exception, or a job", seen: "a return and no job",
            facts: [call.fact, record])
    }
}
