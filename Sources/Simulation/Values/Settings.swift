/// What a run of the platform is configured with.
public struct Settings: Sendable, Hashable, Codable {
    /// Keys every draw.
    public var seed: UInt64
    /// How many nodes there are, 1 or more: "node-1", "node-2"…
    public var nodes: Int
    /// How many jobs may run at once on each node, 1 or more.
    public var slots: Int
    /// What each node has.
    public var capacity: Capacity
    /// What each tenant may use that has no quota of its own.
    public var quota: Quota
    /// Seconds between TERM and KILL when a job is ended, 0 or more.
    public var cancelGraceSeconds: Double

    public init(
        seed: UInt64 = 1, nodes: Int = 1, slots: Int = 2, capacity: Capacity = Capacity(), quota: Quota = Quota(),
        cancelGraceSeconds: Double = 2
    ) {
        self.seed = seed
        self.nodes = nodes
        self.slots = slots
        self.capacity = capacity
        self.quota = quota
        self.cancelGraceSeconds = cancelGraceSeconds
    }

    /// A history from before there were several nodes, capacities and quotas has settings without them.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        seed = try container.decode(UInt64.self, forKey: .seed)
        nodes = try container.decodeIfPresent(Int.self, forKey: .nodes) ?? 1
        slots = try container.decode(Int.self, forKey: .slots)
        capacity = try container.decodeIfPresent(Capacity.self, forKey: .capacity) ?? Capacity()
        quota = try container.decodeIfPresent(Quota.self, forKey: .quota) ?? Quota()
        cancelGraceSeconds = try container.decode(Double.self, forKey: .cancelGraceSeconds)
    }
}

/// What a node has for its jobs together. Nil is not counted: any number of jobs may ask for any amount.
public struct Capacity: Sendable, Hashable, Codable {
    public var cpus: Double?
    public var memoryGB: Double?
    public var gpus: Int?

    public init(cpus: Double? = nil, memoryGB: Double? = nil, gpus: Int? = nil) {
        self.cpus = cpus
        self.memoryGB = memoryGB
        self.gpus = gpus
    }
}

/// What one tenant may use. A submission beyond it is refused with `quota_exceeded`. Nil is no limit.
public struct Quota: Sendable, Hashable, Codable {
    /// Jobs that have not ended, at one time.
    public var runningJobs: Int?
    /// User and system time of all its jobs that ended, in seconds.
    public var cpuSeconds: Double?
    /// Simulated cost of all its jobs that ended, in USD.
    public var cost: Double?

    public init(runningJobs: Int? = nil, cpuSeconds: Double? = nil, cost: Double? = nil) {
        self.runningJobs = runningJobs
        self.cpuSeconds = cpuSeconds
        self.cost = cost
    }
}
