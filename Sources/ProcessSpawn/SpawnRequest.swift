/// What to start, and in which surroundings. The child gets an empty signal mask, default signal actions, and no descriptor but those named here.
public struct SpawnRequest: Sendable {
    /// Absolute path of the program.
    public var executable: String
    /// The arguments after the program's own name.
    public var arguments: [String]
    /// The whole environment: nothing is inherited.
    public var environment: [(name: String, value: String)]
    /// Where it starts; nil is the parent's own working directory.
    public var workingDirectory: String?
    public var standardInput: StandardStream
    public var standardOutput: StandardStream
    public var standardError: StandardStream
    /// Further descriptors: `from` of this process is `to` (3 and above) in the child.
    public var inherited: [(from: Int32, to: Int32)]
    /// Whether it leads a session, and so a process group, of its own.
    public var newSession: Bool
    public var limits: [ResourceLimit]
    /// Whether the system kills it (KILL) when this process dies.
    public var diesWithParent: Bool
    /// Descriptors of the `cgroup.procs` of groups that it joins before it runs.
    public var groups: [Int32] = []
    /// The processors that it may run on; empty is those of this process.
    public var processors: [Int32] = []

    public init(
        executable: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
        workingDirectory: String? = nil, standardInput: StandardStream = .null, standardOutput: StandardStream = .null,
        standardError: StandardStream = .null, inherited: [(from: Int32, to: Int32)] = [], newSession: Bool = false,
        limits: [ResourceLimit] = [], diesWithParent: Bool = false
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.workingDirectory = workingDirectory
        self.standardInput = standardInput
        self.standardOutput = standardOutput
        self.standardError = standardError
        self.inherited = inherited
        self.newSession = newSession
        self.limits = limits
        self.diesWithParent = diesWithParent
    }
}

/// Where one of the three standard streams leads.
public enum StandardStream: Sendable, Hashable {
    /// `/dev/null`.
    case null
    /// A file: read for the input, created for the outputs and then appended to or emptied.
    case file(path: String, append: Bool)
    /// An open descriptor of this process, which stays open here.
    case descriptor(Int32)
}

/// A limit of the child, as of `setrlimit`. `UInt64.max` is no limit.
public struct ResourceLimit: Sendable, Hashable {
    public enum Resource: Int32, Sendable, Hashable, CaseIterable {
        case addressSpaceBytes = 0
        case cpuSeconds
        case openFiles
        case processes
        case fileSizeBytes
        case coreSizeBytes
    }

    public var resource: Resource
    public var soft: UInt64
    public var hard: UInt64

    public init(_ resource: Resource, soft: UInt64, hard: UInt64) {
        self.resource = resource
        self.soft = soft
        self.hard = hard
    }

    /// The same bound, soft and hard.
    public init(_ resource: Resource, _ bound: UInt64) {
        self.init(resource, soft: bound, hard: bound)
    }
}
