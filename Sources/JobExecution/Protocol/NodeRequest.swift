import ProcessSpawn

/// What the engine asks of a node.
enum NodeRequest {
    /// Comes first. A node refuses an engine of another version.
    case hello(version: UInt32)
    case launch(JobLaunch)
    case signal(job: String, JobSignal)
    case openGate(job: String)
    case report
    case forget(job: String)
    case stop(graceMilliseconds: UInt32)
    /// How many jobs may run at once from now on; more than that wait, in the order of their launches.
    case slots(UInt32)

    /// Counted up with every change of the messages.
    static let protocolVersion: UInt32 = 3

    func frame() -> [UInt8] {
        switch self {
        case .hello(let version):
            var writer = WireWriter(type: 1)
            writer.put(version)
            return writer.frame()

        case .launch(let launch):
            var writer = WireWriter(type: 2)
            launch.write(to: &writer)
            return writer.frame()

        case .signal(let job, let signal):
            var writer = WireWriter(type: 3)
            writer.put(job)
            writer.put(signal == .kill)
            return writer.frame()

        case .openGate(let job): return Self.frame(type: 4, job: job)

        case .report: return WireWriter(type: 5).frame()

        case .forget(let job): return Self.frame(type: 6, job: job)

        case .stop(let grace):
            var writer = WireWriter(type: 7)
            writer.put(grace)
            return writer.frame()

        case .slots(let count):
            var writer = WireWriter(type: 8)
            writer.put(count)
            return writer.frame()
        }
    }

    init(frame: ArraySlice<UInt8>) throws(WireError) {
        var reader = WireReader(frame)
        switch try reader.byte() {
        case 1: self = .hello(version: try reader.uint32())
        case 2: self = .launch(try JobLaunch(from: &reader))
        case 3: self = .signal(job: try reader.text(), try reader.bool() ? .kill : .terminate)
        case 4: self = .openGate(job: try reader.text())
        case 5: self = .report
        case 6: self = .forget(job: try reader.text())
        case 7: self = .stop(graceMilliseconds: try reader.uint32())
        case 8: self = .slots(try reader.uint32())
        case let type: throw WireError(description: "a request of unknown type \(type)")
        }
    }

    private static func frame(type: UInt8, job: String) -> [UInt8] {
        var writer = WireWriter(type: type)
        writer.put(job)
        return writer.frame()
    }
}

/// How a job's tree is told to end.
public enum JobSignal: Sendable, Hashable {
    /// TERM: asks.
    case terminate
    /// KILL: ends.
    case kill
}

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

    public init(
        job: String, executable: String, arguments: [String] = [], environment: [(name: String, value: String)] = [],
        gated: Bool = false, files: [LaunchFile] = [], folders: [String] = [], limits: [ResourceLimit] = []
    ) {
        self.job = job
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.gated = gated
        self.files = files
        self.folders = folders
        self.limits = limits
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
    }
}
