import ProcessSpawn

/// One job to run, as the engine composed it.
public struct JobLaunch: Sendable {
    /// Letters, digits, `.`, `_` and `-`, at most 128, not beginning with a dot. It names the job's folder.
    public var job: String
    /// Absolute path of the program.
    public var executable: String
    public var arguments: [String]
    /// The whole environment. The node adds `WINDTUNNEL_JOB_ID` where it lacks, and `WINDTUNNEL_GATE` where `gated`.
    public var environment: [(name: String, value: String)]
    /// Whether the code finds a closed gate, until `openGate(job:)`.
    public var gated: Bool
    /// What to write before the start, by path relative to the job's folder (such as `work/main.py`).
    public var files: [LaunchFile]
    /// Which folders must be there, also by path relative to the job's folder, each after the one that it is in. `work` always is, and
    /// so are the folders of `files`.
    public var folders: [String]
    public var limits: [ResourceLimit]
    /// What the whole tree may use; the node sees to it.
    public var bounds: JobBounds
    public var launcher: Launcher

    public init(
        job: String, executable: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
        gated: Bool = false, files: [LaunchFile] = [], folders: [String] = [], limits: [ResourceLimit] = [],
        bounds: JobBounds = JobBounds(), launcher: Launcher = .cold
    ) {
        self.job = job
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.gated = gated
        self.files = files
        self.folders = folders
        self.limits = limits
        self.bounds = bounds
        self.launcher = launcher
    }
}

/// How a job's main process comes to life.
public enum Launcher: UInt8, Sendable, Hashable {
    /// Spawned: any program.
    case cold
    /// Forked from an interpreter that is up already: `executable` is a Python, the last argument its script.
    case warm
}

/// What a job's whole tree may use. Nil is no bound.
public struct JobBounds: Sendable, Hashable {
    /// Resident memory of all its processes together.
    public var memoryBytes: Int64?
    /// Processors, in fractions too.
    public var cpus: Double?
    /// What lies in the job's folder, its output and artifacts included.
    public var diskBytes: Int64?
    /// How much of each of the two output streams is kept. More is dropped, and the job does not notice.
    public var logBytes: Int64?

    public init(memoryBytes: Int64? = nil, cpus: Double? = nil, diskBytes: Int64? = nil, logBytes: Int64? = nil) {
        self.memoryBytes = memoryBytes
        self.cpus = cpus
        self.diskBytes = diskBytes
        self.logBytes = logBytes
    }
}

/// A file that a job finds when it starts.
public struct LaunchFile: Sendable, Hashable {
    /// Relative to the job's folder, without `..`.
    public var path: String
    public var contents: [UInt8]

    public init(path: String, contents: [UInt8]) {
        self.path = path
        self.contents = contents
    }
}

extension JobLaunch {
    /// Why no node could read it, as it is written into a message of so many bytes; nil where one can.
    func flaw(bytes: Int) -> String? {
        if bytes > Wire.frameBytesMax { return "its launch has \(bytes) bytes, more than the \(Wire.frameBytesMax) that a node takes" }
        let lists = [
            ("variables", environment.count), ("arguments", arguments.count), ("files", files.count), ("folders", folders.count),
            ("limits", limits.count),
        ]
        guard let (name, count) = lists.first(where: { $0.1 > Wire.listCountMax }) else { return nil }
        return "it has \(count) \(name), more than the \(Wire.listCountMax) that a node takes"
    }

    func write(to writer: inout WireWriter) {
        writer.put(job)
        writer.put(executable)
        writer.put(list: arguments) { $0.put($1) }
        writer.put(list: environment) {
            $0.put($1.name)
            $0.put($1.value)
        }
        writer.put(gated)
        writer.put(list: files) {
            $0.put($1.path)
            $0.put($1.contents)
        }
        writer.put(list: folders) { $0.put($1) }
        writer.put(list: limits) {
            $0.put($1.resource.rawValue)
            $0.put($1.soft)
            $0.put($1.hard)
        }
        bounds.write(to: &writer)
        writer.put(launcher.rawValue)
    }

    init(from reader: inout WireReader) throws(WireError) {
        job = try reader.text()
        executable = try reader.text()
        arguments = try reader.list { reader throws(WireError) in try reader.text() }
        environment = try reader.list { reader throws(WireError) in (name: try reader.text(), value: try reader.text()) }
        gated = try reader.bool()
        files = try reader.list { reader throws(WireError) in LaunchFile(path: try reader.text(), contents: try reader.bytes()) }
        folders = try reader.list { reader throws(WireError) in try reader.text() }
        limits = try reader.list { reader throws(WireError) in
            let number = try reader.int32()
            guard let resource = ResourceLimit.Resource(rawValue: number) else {
                throw WireError(description: "a limit of unknown resource \(number)")
            }
            return ResourceLimit(resource, soft: try reader.uint64(), hard: try reader.uint64())
        }
        bounds = try JobBounds(from: &reader)
        let number = try reader.byte()
        guard let known = Launcher(rawValue: number) else { throw WireError(description: "an unknown launcher \(number)") }
        launcher = known
    }
}

extension JobBounds {
    fileprivate func write(to writer: inout WireWriter) {
        for bound in [memoryBytes, diskBytes, logBytes] { writer.put(bound) { $0.put($1) } }
        writer.put(cpus) { $0.put($1) }
    }

    fileprivate init(from reader: inout WireReader) throws(WireError) {
        let integer = { (reader: inout WireReader) throws(WireError) in try reader.int64() }
        memoryBytes = try reader.optional(integer)
        diskBytes = try reader.optional(integer)
        logBytes = try reader.optional(integer)
        cpus = try reader.optional { reader throws(WireError) in try reader.double() }
    }
}
