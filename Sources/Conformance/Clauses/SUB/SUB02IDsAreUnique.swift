import Recording

enum SUB02IDsAreUnique: Clause {
    enum Breach: String, BreachCode {
        case repeated
        case repeatedForSameCode = "repeated-for-same-code"
        case refused
        case severalJobs = "several-jobs"
    }

    static let id = "SUB-02"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [SameNameProbe.self]
    static let page = Page(
        requires: "Each submission makes one job and gets an id that no other has, also where the name, the code and the second are the same.",
        why: "Sweeps submit one name many times in a loop. Two jobs under one id means that one of them can no longer be read or stopped.",
        breach: "An id made of the name and the time in seconds; an idempotency key made of the code, so that a second run is never made; a submission that is sent twice.",
        mend: "Return the platform's own id. An idempotency key is random and new for each call of submit_job, kept only for its own retries.",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                job_id = f"{job_name}-{int(time.time())}"           # the same for two calls in one second
                self._post("/v1/jobs", {"code": code, "name": job_id})
                return job_id
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                key = uuid.uuid4().hex                              # one for this call and its retries
                return self._post("/v1/jobs", {"code": code, "name": job_name}, idempotency_key=key)["id"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(SameNameProbe.self)
        var first: [String: CallFact] = [:]
        var facts: [Fact] = []
        for label in SameNameProbe.submissions {
            let call = try recording.call(label)
            if let raised = call.raised {
                // No job had the name before the first: what is refused is the parameter.
                if facts.isEmpty { throw PremiseMissing(reason: "submit_job raised \(raised.type)", by: call.fact, clause: "SUB-04") }
                return .breached(
                    .refused,
                    Failure(
                        "submit_job raised \(raised.type) for a name that an earlier job has", expected: "an id of its own",
                        seen: raised.type, facts: facts.prefix(1) + [call.fact]))
            }
            guard let id = call.value?.string else { throw PremiseMissing(reason: "submit_job returned no job id", by: call.fact) }
            if let earlier = first[id] {
                let sameCode = code(of: earlier) == code(of: call)
                return .breached(
                    sameCode ? .repeatedForSameCode : .repeated,
                    Failure(
                        "submit_job returned one id for two submissions of \(sameCode ? "the same code" : "different code")",
                        expected: "an id that no earlier submission has", seen: "an earlier submission's id",
                        facts: [earlier.fact, call.fact]))
            }
            first[id] = call
            facts.append(call.fact)
        }
        if let (record, jobs) = try? recording.jobs("jobs at the end"), jobs.count > facts.count {
            return .breached(
                .severalJobs,
                Failure(
                    "the platform has more jobs than ids were returned", expected: "one job for each id", seen: "more jobs",
                    facts: facts + [record]))
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    private static func code(of call: CallFact) -> Value? { call.call.arguments.first { $0.name == "code" }?.value }
}
