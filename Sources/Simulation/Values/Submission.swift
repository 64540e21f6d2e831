/// What a client asked the platform to run.
public struct Submission: Sendable, Hashable, Codable {
    public enum Language: String, Sendable, Hashable, Codable, CaseIterable { case python, shell }

    public var code: String
    public var language: Language
    /// The client's name for the job; the job's id stands in when it gave none.
    public var name: String?
    public var resources: Resources
    public var environment: [String: String]
    public var dependencies: [String]
    public var labels: [String: String]
    public var idempotencyKey: String?

    public init(
        code: String, language: Language = .python, name: String? = nil, resources: Resources = Resources(),
        environment: [String: String] = [:], dependencies: [String] = [], labels: [String: String] = [:],
        idempotencyKey: String? = nil
    ) {
        self.code = code
        self.language = language
        self.name = name
        self.resources = resources
        self.environment = environment
        self.dependencies = dependencies
        self.labels = labels
        self.idempotencyKey = idempotencyKey
    }
}

/// The resources that a submission asks for, under the contract's names (`ResourceConfig`).
/// Sizes are in GB, run time in hours; nil means "not asked for".
public struct Resources: Sendable, Hashable, Codable {
    public var instanceType: String
    public var gpuEnabled: Bool
    public var gpuCount: Int
    public var memoryGB: Double?
    public var cpuCount: Double?
    public var diskSizeGB: Double?
    public var maxRuntimeHours: Double?
    public var autoShutdown: Bool
    /// JSON text of the client's free-form parameters, an object; "{}" when there are none.
    public var customParamsJSON: String

    public init(
        instanceType: String = "standard", gpuEnabled: Bool = false, gpuCount: Int = 0, memoryGB: Double? = nil,
        cpuCount: Double? = nil, diskSizeGB: Double? = nil, maxRuntimeHours: Double? = nil, autoShutdown: Bool = true,
        customParamsJSON: String = "{}"
    ) {
        self.instanceType = instanceType
        self.gpuEnabled = gpuEnabled
        self.gpuCount = gpuCount
        self.memoryGB = memoryGB
        self.cpuCount = cpuCount
        self.diskSizeGB = diskSizeGB
        self.maxRuntimeHours = maxRuntimeHours
        self.autoShutdown = autoShutdown
        self.customParamsJSON = customParamsJSON
    }
}
