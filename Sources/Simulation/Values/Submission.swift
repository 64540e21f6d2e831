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
    /// How often it is run again when its node is lost, 0 or more.
    public var retries: Int
    /// What its instance type costs; nil where no catalogue has it.
    public var rate: Rate?
    public var idempotencyKey: String?

    public init(
        code: String, language: Language = .python, name: String? = nil, resources: Resources = Resources(),
        environment: [String: String] = [:], dependencies: [String] = [], labels: [String: String] = [:],
        retries: Int = 0, rate: Rate? = nil, idempotencyKey: String? = nil
    ) {
        self.code = code
        self.language = language
        self.name = name
        self.resources = resources
        self.environment = environment
        self.dependencies = dependencies
        self.labels = labels
        self.retries = retries
        self.rate = rate
        self.idempotencyKey = idempotencyKey
    }

    /// A history from before there were retries and rates has submissions without them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        code = try container.decode(String.self, forKey: .code)
        language = try container.decode(Language.self, forKey: .language)
        name = try container.decodeIfPresent(String.self, forKey: .name)
        resources = try container.decode(Resources.self, forKey: .resources)
        environment = try container.decode([String: String].self, forKey: .environment)
        dependencies = try container.decode([String].self, forKey: .dependencies)
        labels = try container.decode([String: String].self, forKey: .labels)
        retries = try container.decodeIfPresent(Int.self, forKey: .retries) ?? 0
        rate = try container.decodeIfPresent(Rate.self, forKey: .rate)
        idempotencyKey = try container.decodeIfPresent(String.self, forKey: .idempotencyKey)
    }
}

extension Submission {
    /// Whether a client asked for the same twice, byte by byte: prices may have changed in between.
    public func asksTheSame(as other: Submission) -> Bool {
        var repriced = other
        repriced.rate = rate
        // Equal texts may still differ: Swift takes two spellings of an accented letter for one.
        return self == repriced && texts.elementsEqual(other.texts) { $0.utf8.elementsEqual($1.utf8) }
    }

    /// Every free text, in an order that equal submissions share.
    private var texts: [String] {
        let maps = [environment, labels].flatMap { map in map.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] } }
        return [code, name ?? "", resources.instanceType, resources.customParamsJSON] + dependencies + maps
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
