/// What a node tells the engine.
enum NodeReply {
    case hello(version: UInt32, name: String, pid: Int32)
    /// The connection is not wanted, with the reason; it is closed after this.
    case refused(message: String)
    case started(job: String, pid: Int32, startTime: UInt64)
    case launchFailed(job: String, message: String)
    case exited(job: String, JobExit)
    case reportEntry(NodeReportEntry)
    case reportEnd
    /// No job runs any more and the node ends.
    case stopped

    func frame() -> [UInt8] {
        switch self {
        case .hello(let version, let name, let pid):
            var writer = WireWriter(type: 1)
            writer.put(version)
            writer.put(name)
            writer.put(pid)
            return writer.frame()

        case .refused(let message):
            var writer = WireWriter(type: 2)
            writer.put(message)
            return writer.frame()

        case .started(let job, let pid, let startTime):
            var writer = WireWriter(type: 3)
            writer.put(job)
            writer.put(pid)
            writer.put(startTime)
            return writer.frame()

        case .launchFailed(let job, let message):
            var writer = WireWriter(type: 4)
            writer.put(job)
            writer.put(message)
            return writer.frame()

        case .exited(let job, let exit):
            var writer = WireWriter(type: 5)
            writer.put(job)
            exit.write(to: &writer)
            return writer.frame()

        case .reportEntry(let entry):
            var writer = WireWriter(type: 6)
            entry.write(to: &writer)
            return writer.frame()

        case .reportEnd: return WireWriter(type: 7).frame()

        case .stopped: return WireWriter(type: 8).frame()
        }
    }

    init(frame: ArraySlice<UInt8>) throws(WireError) {
        var reader = WireReader(frame)
        switch try reader.byte() {
        case 1: self = .hello(version: try reader.uint32(), name: try reader.text(), pid: try reader.int32())
        case 2: self = .refused(message: try reader.text())
        case 3: self = .started(job: try reader.text(), pid: try reader.int32(), startTime: try reader.uint64())
        case 4: self = .launchFailed(job: try reader.text(), message: try reader.text())
        case 5: self = .exited(job: try reader.text(), try JobExit(from: &reader))
        case 6: self = .reportEntry(try NodeReportEntry(from: &reader))
        case 7: self = .reportEnd
        case 8: self = .stopped
        case let type: throw WireError(description: "a reply of unknown type \(type)")
        }
    }
}

/// What a node knows of one job.
public struct NodeReportEntry: Sendable, Hashable {
    public enum State: Sendable, Hashable {
        case running(pid: Int32, startTime: UInt64)
        /// It waits for a slot.
        case queued
        case ended(JobExit)
        /// It ran under an earlier process of the node, which is gone with it.
        case lost
    }

    public var job: String
    public var state: State

    init(job: String, state: State) {
        self.job = job
        self.state = state
    }

    func write(to writer: inout WireWriter) {
        writer.put(job)
        switch state {
        case .running(let pid, let startTime):
            writer.put(UInt8(1))
            writer.put(pid)
            writer.put(startTime)
        case .ended(let exit):
            writer.put(UInt8(0))
            exit.write(to: &writer)
        case .lost: writer.put(UInt8(2))
        case .queued: writer.put(UInt8(3))
        }
    }

    init(from reader: inout WireReader) throws(WireError) {
        job = try reader.text()
        state =
            switch try reader.byte() {
            case 0: .ended(try JobExit(from: &reader))
            case 1: .running(pid: try reader.int32(), startTime: try reader.uint64())
            case 2: .lost
            case 3: .queued
            case let kind: throw WireError(description: "a job in the unknown state \(kind)")
            }
    }
}
