import Recording

enum CFG02GPULimit: Clause {
    enum Breach: String, BreachCode {
        case accepted
        case wrongException = "wrong-exception"
        case jobCreated = "job-created"
        case nearMissRefused = "near-miss-refused"
    }

    static let id = "CFG-02"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [ResourceConfigProbe.self]
    static let page = Page(
        requires: """
            One GPU more than the limit (8, or `limits.max_gpus` of windtunnel.yaml), with gpu_enabled True, raises ValueError, and no \
            job is made. The limit itself is accepted.
            """,
        why: "A mistyped gpu_count is found before it costs anything, with the exception that Python has for a bad argument.",
        breach: "The count is not looked at, the platform's refusal comes back as another exception, or 8 is refused like 9.",
        mend: "Check gpu_count before anything is sent. Where your platform's limit is another, declare it as limits.max_gpus.",
        failing: """
            def submit_job(self, code, resource_config=None, **kwargs):
                body = {"code": code, "gpus": resource_config.gpu_count if resource_config else 0}
            """,
        passing: """
            def submit_job(self, code, resource_config=None, **kwargs):
                if resource_config is not None and resource_config.gpu_count > 8:
                    raise ValueError("at most 8 GPUs are supported")
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ResourceConfigProbe.self)
        let limit = evidence.terms.maxGPUs
        let over = try recording.call("submit with too many GPUs")
        let record = try recording.jobs("jobs with too many GPUs")
        let most = try recording.call("submit with the most GPUs")
        func breached(_ breach: Breach, _ reason: String, _ seen: String, _ facts: [Fact]) -> Finding<Breach> {
            .breached(breach, Failure(reason, expected: "ValueError and no job", seen: seen, facts: facts))
        }
        guard let raised = over.raised else {
            return breached(.accepted, "submit_job accepted gpu_count \(limit + 1)", "a normal return", [over.fact, record.fact])
        }
        guard record.jobs.isEmpty else {
            return breached(
                .jobCreated, "submit_job raised \(raised.type) for gpu_count \(limit + 1), and a job was made all the same",
                "a job on the platform", [over.fact, record.fact])
        }
        guard raised.isA("ValueError") else {
            return breached(
                .wrongException, "submit_job raised \(raised.type) for gpu_count \(limit + 1)", raised.type, [over.fact])
        }
        if let refusal = most.raised {
            let asked = limit > 0 ? "gpu_count \(limit)" : "a job without GPUs"
            return .breached(
                .nearMissRefused,
                Failure(
                    "submit_job refused \(asked) too, so that the limit is another (declare it as limits.max_gpus)",
                    expected: "a job id for \(asked)", seen: refusal.type, facts: [over.fact, most.fact]))
        }
        return .holds(Witness(over.fact, record.fact, most.fact))
    }
}
