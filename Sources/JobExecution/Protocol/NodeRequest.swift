/// What the engine asks of a node.
enum NodeRequest {
    /// Comes first. A node refuses an engine of another version.
    case hello(version: UInt32)
    case launch(JobLaunch)
    /// What a launch becomes on its way that nobody can read: that one job fails, not the connection.
    case unreadableLaunch(job: String, reason: String)
    case signal(job: String, JobSignal)
    case openGate(job: String)
    case report
    case forget(job: String)
    case stop(graceMilliseconds: UInt32)
    /// How many jobs may run at once from now on; more than that wait, in the order of their launches.
    case slots(UInt32)

    /// Counted up with every change of the messages.
    static let protocolVersion: UInt32 = 6

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

        case .unreadableLaunch(let job, _): return Self.frame(type: 2, job: job)

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
        case 2: self = try Self.launch(reader)
        case 3: self = .signal(job: try reader.text(), try reader.bool() ? .kill : .terminate)
        case 4: self = .openGate(job: try reader.text())
        case 5: self = .report
        case 6: self = .forget(job: try reader.text())
        case 7: self = .stop(graceMilliseconds: try reader.uint32())
        case 8: self = .slots(try reader.uint32())
        case let type: throw WireError(description: "a request of unknown type \(type)")
        }
    }

    private static func launch(_ reader: WireReader) throws(WireError) -> NodeRequest {
        var (whole, start) = (reader, reader)
        let job = try start.text()
        do throws(WireError) {
            return .launch(try JobLaunch(from: &whole))
        } catch {
            return .unreadableLaunch(job: job, reason: error.description)
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
