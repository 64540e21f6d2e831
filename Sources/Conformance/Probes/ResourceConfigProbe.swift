import Recording

/// Submits without a configuration, with good ones, and with ones that have to be refused.
enum ResourceConfigProbe: Probe {
    static let name = "resource-config"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        try await plain("without resource_config", [], stage)
        try await plain("with None", [Call.Argument("resource_config", .none)], stage)
        try await gpuLimit(stage)
        try await badConfigurations(stage)
        try await callersObjects(stage)
        try await stage.guestState("state at the end")
    }

    /// A job without resource_config, or with None given for it.
    private static func plain(_ how: String, _ config: [Call.Argument], _ stage: Stage) async throws {
        let before = try await stage.jobs("jobs before \(how)").count
        let code = Call.Argument("code", .string(Program.printing(stage.nonce(how)).code))
        let outcome = try await stage.perform(PlannedCall("submit \(how)", .submitJob, [code] + config, mustReturn: false))
        guard outcome.raised == nil else { return }
        do {
            try await stage.wait("job \(how)", for: .exists, index: before, patience: .seconds(3))
            try await stage.wait("job \(how) at its end", for: .ended, index: before)
        } catch is ProbeStop {}
    }

    private static func gpuLimit(_ stage: Stage) async throws {
        let limit = stage.terms.maxGPUs
        try await submit("submit with too many GPUs", gpus(limit + 1), stage, nonce: "too many GPUs")
        try await stage.comeToRest()
        try await stage.jobs("jobs with too many GPUs", containing: stage.nonce("too many GPUs"))
        // A connector without GPUs need not take gpu_enabled True either.
        try await submit("submit with the most GPUs", limit > 0 ? gpus(limit) : ResourceConfig.with(), stage, nonce: "most GPUs")
    }

    private static func gpus(_ count: Int) -> Value {
        ResourceConfig.with(Value.Field("gpu_enabled", true), Value.Field("gpu_count", .int(count)))
    }

    private static func badConfigurations(_ stage: Stage) async throws {
        try await stage.comeToRest()
        try await stage.jobs("jobs before the bad ones")
        for bad in BadResources.all { try await submit(bad.label, bad.value, stage, nonce: bad.phrase) }
        try await stage.comeToRest()
        try await stage.jobs("jobs after the bad ones")
        try await submit(
            "submit with right sizes",
            ResourceConfig.with(
                Value.Field("memory_gb", 2), Value.Field("cpu_count", 1), Value.Field("disk_size_gb", 10),
                Value.Field("max_runtime_hours", 1)),
            stage, nonce: "right sizes")
        if stage.terms.maxGPUs > 0 {
            try await submit("submit with gpu_enabled True and gpu_count 0", gpus(0), stage, nonce: "gpus enabled")
        }
    }

    /// Every object of the caller that a connector might be tempted to complete in place.
    private static func callersObjects(_ stage: Stage) async throws {
        let parameters = Value.dict([Value.Pair("labels", .dict([Value.Pair("team", "blue")]))])
        try await submit(
            "submit with everything", ResourceConfig.with(Value.Field("custom_params", parameters)), stage, nonce: "everything",
            Call.Argument("environment", .dict([Value.Pair("WT_WORD", "blue")])),
            Call.Argument("job_name", .string(stage.nonce("name"))))
        try await submit(
            "submit with dependencies", .none, stage, nonce: "dependencies",
            Call.Argument("dependencies", .list(stage.requirements.available.map { .string($0.requirement) })))
    }

    @discardableResult
    private static func submit(
        _ label: String, _ config: Value, _ stage: Stage, nonce: String, _ more: Call.Argument...
    ) async throws -> Outcome {
        let arguments = [
            Call.Argument("code", .string(Program.printing(stage.nonce(nonce)).code)), Call.Argument("resource_config", config),
        ]
        return try await stage.perform(PlannedCall(label, .submitJob, arguments + more, mustReturn: false))
    }
}
