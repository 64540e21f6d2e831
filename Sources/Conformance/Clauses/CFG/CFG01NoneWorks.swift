import Recording

enum CFG01NoneWorks: Clause {
    enum Breach: String, BreachCode {
        case raised
        case noJob = "no-job"
        case jobFailed = "job-failed"
    }

    static let id = "CFG-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [ResourceConfigProbe.self]
    static let page = Page(
        requires: "submit_job runs the job where resource_config is left out, and where it is given as None.",
        why: "None is the documented default. Programs that pass an optional configuration through hand it on as None.",
        breach: "AttributeError: 'NoneType' object has no attribute 'gpu_count', or a submission that the platform turns down.",
        mend: "Begin with `if resource_config is None:` and a sensible default, or leave the resources to the platform.",
        failing: """
            def submit_job(self, code, resource_config=None, **kwargs):
                if resource_config.gpu_count > 8:                   # None has no gpu_count
                    raise ValueError("at most 8 GPUs")
            """,
        passing: """
            def submit_job(self, code, resource_config=None, **kwargs):
                if resource_config is None:
                    resource_config = ResourceConfig(instance_type="standard")
            """)

    private static let forms = ["without resource_config", "with None"]

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ResourceConfigProbe.self)
        var facts: [Fact] = []
        for how in forms {
            let call = try recording.call("submit \(how)")
            if let raised = call.raised {
                return .breached(
                    .raised,
                    Failure(
                        "submit_job raised \(raised.type) \(how)", expected: "a job", seen: raised.type,
                        facts: [call.fact]))
            }
            let end = "job \(how) at its end"
            let record = try recording.jobs(recording.fact(end) == nil ? "job \(how)" : end)
            let before = try recording.jobs("jobs before \(how)").jobs.count
            if how == forms[0], record.jobs.count <= before {
                throw PremiseMissing(reason: "the platform got no job", by: record.fact, clause: "SUB-05")
            }
            if let (breach, failure) = unrun(record.jobs.dropFirst(before).first, how, [call.fact, record.fact]) {
                return .breached(breach, failure)
            }
            facts += [call.fact, record.fact]
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    private static func unrun(_ job: JobTruth?, _ how: String, _ facts: [Fact]) -> (Breach, Failure)? {
        func failure(_ reason: String, _ seen: String) -> Failure {
            Failure("submit_job \(how): \(reason)", expected: "a job that succeeds", seen: seen, facts: facts)
        }
        guard let job else { return (.noJob, failure("the platform got no job", "no job")) }
        return job.status == "succeeded" ? nil : (.jobFailed, failure("the job did not succeed", "a job that is \(job.status)"))
    }
}
