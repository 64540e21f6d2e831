/// What a node tells of its own accord.
public enum NodeEvent: Sendable, Hashable {
    /// The main process runs. The pid and its start time name it for good.
    case started(job: String, pid: Int32, startTime: UInt64)
    /// It did not start and never will, with the reason.
    case launchFailed(job: String, message: String)
    /// It has ended and nothing of its tree is left.
    case exited(job: String, JobExit)
    /// The last event. The node has ended, by itself or not, or the connection was closed from here.
    case connectionLost(reason: String)
}

/// Why a node cannot be had or asked, in one line.
public struct NodeError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String

    init(_ description: String) { self.description = description }
}
