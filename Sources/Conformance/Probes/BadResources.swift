import Recording

/// A resource configuration that no machine can have.
struct BadResources: Sendable {
    enum Kind: Sendable { case negative, zero, uncountedGPUs, noInstanceType }

    let kind: Kind
    /// For labels and sentences: `memory_gb -1`.
    let phrase: String
    let value: Value

    var label: String { "submit with \(phrase)" }

    /// One for each thing that is wrong, all else left at its default.
    static let all: [BadResources] =
        sizes.map { BadResources(kind: .negative, phrase: "\($0) -1", value: ResourceConfig.with(Value.Field($0, -1))) }
        + [
            BadResources(
                kind: .negative, phrase: "gpu_count -1",
                value: ResourceConfig.with(Value.Field("gpu_enabled", true), Value.Field("gpu_count", -1)))
        ]
        + sizes.map { BadResources(kind: .zero, phrase: "\($0) 0", value: ResourceConfig.with(Value.Field($0, 0))) }
        + [
            BadResources(
                kind: .uncountedGPUs, phrase: "gpu_count 1 and gpu_enabled False",
                value: ResourceConfig.with(Value.Field("gpu_enabled", false), Value.Field("gpu_count", 1))),
            BadResources(kind: .noInstanceType, phrase: "an empty instance_type", value: ResourceConfig.with(instanceType: "")),
        ]

    private static let sizes = ["memory_gb", "cpu_count", "disk_size_gb", "max_runtime_hours"]
}
