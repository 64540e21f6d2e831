import Recording

enum CFG04RejectsTheImpossible: Clause {
    enum Breach: String, BreachCode {
        case negativeAccepted = "negative-accepted"
        case zeroAccepted = "zero-accepted"
        case gpusWithoutGPUEnabled = "gpus-without-gpu-enabled"
        case emptyInstanceType = "empty-instance-type"
        case wrongException = "wrong-exception"
        case jobCreated = "job-created"
        case nearMissRefused = "near-miss-refused"
    }

    static let id = "CFG-04"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [ResourceConfigProbe.self]
    static let page = Page(
        requires: """
            submit_job raises ValueError, TypeError or CloudExecutionError, and makes no job, for any negative number, for zero memory, \
            CPUs, disk or run time, for gpu_count above 0 with gpu_enabled False, and for an empty instance_type. Sizes that can be had \
            are accepted, and gpu_enabled True with gpu_count 0 too.
            """,
        why: "What no machine can have is a mistake in the caller's program. If it is sent on, it ends as another machine, and another bill.",
        breach: "The numbers are passed on unseen, or `if config.memory_gb:` takes a zero for \"not given\".",
        mend: "Check every number that is not None before anything is sent; compare with `is not None`, not by truth.",
        failing: """
            if resource_config.memory_gb:                       # 0 is dropped, -1 is sent
                body["memory"] = resource_config.memory_gb
            """,
        passing: """
            if resource_config.memory_gb is not None and resource_config.memory_gb <= 0:
                raise ValueError("memory_gb must be above 0")
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ResourceConfigProbe.self)
        let after = try recording.jobs("jobs after the bad ones")
        // Where one GPU with gpu_enabled True is refused as well, the refusal without it says nothing.
        let most = try recording.call("submit with the most GPUs")
        let takesGPUs = evidence.terms.maxGPUs > 0 && most.raised == nil
        let cases = BadResources.all.filter { takesGPUs || $0.kind != .uncountedGPUs }
        let calls = try cases.map { ($0, try recording.call($0.label)) }
        let before = try recording.jobs("jobs before the bad ones").jobs.count
        if let finding = accepted(calls, after.fact) ?? undocumented(calls) ?? created(calls, after, before) { return finding }

        var nearMisses = [try recording.call("submit with right sizes")]
        if evidence.terms.maxGPUs > 0 { nearMisses.append(try recording.call("submit with gpu_enabled True and gpu_count 0")) }
        for (call, phrase) in zip(nearMisses, ["right sizes", "gpu_enabled True and gpu_count 0"]) {
            guard let raised = call.raised else { continue }
            return .breached(
                .nearMissRefused,
                Failure(
                    "submit_job refused \(phrase)", expected: "a job id", seen: raised.type, facts: [call.fact]))
        }
        let facts = calls.map(\.1.fact) + [after.fact] + nearMisses.map(\.fact)
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    /// What was accepted, together; the code is the first one's.
    private static func accepted(_ calls: [(BadResources, CallFact)], _ after: Fact) -> Finding<Breach>? {
        let accepted = calls.filter { $0.1.raised == nil }
        guard let first = accepted.first else { return nil }
        let breach: Breach =
            switch first.0.kind {
            case .negative: .negativeAccepted
            case .zero: .zeroAccepted
            case .uncountedGPUs: .gpusWithoutGPUEnabled
            case .noInstanceType: .emptyInstanceType
            }
        return .breached(
            breach,
            Failure(
                "submit_job accepted \(named(accepted))", expected: "ValueError, or another rejection", seen: "a normal return",
                facts: accepted.prefix(shown).map(\.1.fact) + [after]))
    }

    /// How many of the calls are named and shown.
    private static let shown = 3

    private static func named(_ calls: [(BadResources, CallFact)]) -> String {
        let names = calls.prefix(shown).map(\.0.phrase).joined(separator: ", ")
        return calls.count > shown ? "\(names) and \(calls.count - shown) more" : names
    }

    private static func undocumented(_ calls: [(BadResources, CallFact)]) -> Finding<Breach>? {
        for (bad, call) in calls {
            guard let raised = call.raised, !["ValueError", "TypeError", "CloudException"].contains(where: raised.isA) else { continue }
            return .breached(
                .wrongException,
                Failure(
                    "submit_job raised \(raised.type) for \(bad.phrase)", expected: "ValueError, TypeError or CloudExecutionError",
                    seen: raised.type, facts: [call.fact]))
        }
        return nil
    }

    private static func created(
        _ calls: [(BadResources, CallFact)], _ after: (fact: Fact, jobs: [JobTruth]), _ before: Int
    ) -> Finding<Breach>? {
        let made = calls.filter { _, call in
            guard let code = call.call.arguments.first(where: { $0.name == "code" })?.value.string else { return false }
            return after.jobs.contains { $0.code.contains(code) }
        }
        guard after.jobs.count > before || !made.isEmpty else { return nil }
        let phrase = made.isEmpty ? "one of the bad configurations" : named(made)
        return .breached(
            .jobCreated,
            Failure(
                "submit_job raised, and a job was made all the same, for \(phrase)", expected: "no job", seen: "a job on the platform",
                facts: (made.isEmpty ? calls : made).prefix(shown).map(\.1.fact) + [after.fact]))
    }
}
