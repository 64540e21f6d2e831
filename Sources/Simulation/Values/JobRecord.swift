/// What the platform says of a job: the projection that is stored and shown.
public struct JobRecord: Sendable, Hashable, Codable {
    public var id: String
    /// Who submitted it. Jobs of one tenant are invisible to every other.
    public var tenant: String
    /// 1, 2, 3… over the whole platform, in the order of submission; the list's order.
    public var number: Int64
    public var name: String
    public var status: JobStatus
    public var createdAt: Timestamp
    public var startedAt: Timestamp?
    public var finishedAt: Timestamp?
    public var cancelRequestedAt: Timestamp?
    public var exitCode: Int32?
    public var signal: Int32?
    public var error: JobError?
    public var resources: Resources
    public var labels: [String: String]
    /// The node that ran it, once one was chosen.
    public var node: String?
    public var usage: Usage?
    /// Why it ended, once it has.
    public var cause: ExitCause?
    /// What it cost, once it has ended.
    public var charge: Charge?
    /// 1, and one more for each time that it is run again after the loss of its node.
    public var attempt = 1
    public var idempotencyKey: String?

    public init(
        id: String, tenant: String, number: Int64, name: String, status: JobStatus = .pending, createdAt: Timestamp,
        resources: Resources, labels: [String: String] = [:], idempotencyKey: String? = nil
    ) {
        self.id = id
        self.tenant = tenant
        self.number = number
        self.name = name
        self.status = status
        self.createdAt = createdAt
        self.resources = resources
        self.labels = labels
        self.idempotencyKey = idempotencyKey
    }
}

/// Why a job ended.
public enum ExitCause: String, Sendable, Hashable, Codable, CaseIterable {
    /// Its main process exited by itself, with whatever code.
    case exit
    /// A signal ended its main process.
    case signal
    case outOfMemory = "out_of_memory"
    case diskLimit = "disk_limit"
    case timeLimit = "time_limit"
    case cancelled
    case launchFailed = "launch_failed"
    case dependenciesFailed = "dependencies_failed"
    case nodeLost = "node_lost"
    case platformStopped = "platform_stopped"
}

/// Why a job failed. Codes: those of `ExitCause`, `cancelled` aside.
public struct JobError: Sendable, Hashable, Codable {
    public var code: String
    public var message: String

    public init(code: String, message: String) {
        self.code = code
        self.message = message
    }
}

/// What a job used, as measured. A figure that cannot be known is nil, and `unknown` says why, by the figure's name.
public struct Usage: Sendable, Hashable, Codable {
    public var wallSeconds: Double?
    public var cpuUserSeconds: Double?
    public var cpuSystemSeconds: Double?
    public var maxRSSBytes: Int64?
    public var readBytes: Int64?
    public var writtenBytes: Int64?
    /// How it was measured: `wait4`, later also `cgroup`.
    public var source: String
    public var unknown: [String: String]

    public init(
        wallSeconds: Double? = nil, cpuUserSeconds: Double? = nil, cpuSystemSeconds: Double? = nil, maxRSSBytes: Int64? = nil,
        readBytes: Int64? = nil, writtenBytes: Int64? = nil, source: String = "wait4", unknown: [String: String] = [:]
    ) {
        self.wallSeconds = wallSeconds
        self.cpuUserSeconds = cpuUserSeconds
        self.cpuSystemSeconds = cpuSystemSeconds
        self.maxRSSBytes = maxRSSBytes
        self.readBytes = readBytes
        self.writtenBytes = writtenBytes
        self.source = source
        self.unknown = unknown
    }
}
