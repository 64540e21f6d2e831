import JobHistory

/// What the operator should hear of the disk. Each is told once, when it comes about, however often writing is tried meanwhile.
public enum StorageNotice: Sendable, Hashable, CustomStringConvertible {
    case cannotBeWritten(HistoryError)
    case canBeWrittenAgain
    /// No job is accepted, for the reason that every refusal gives.
    case noRoomForJobs(String)
    case roomForJobsAgain

    public var description: String {
        switch self {
        case .cannotBeWritten(let error):
            "the history cannot be written: \(PlatformError(error).message); until then nothing new is accepted, and jobs that end stay as they were"
        case .canBeWrittenAgain: "the history can be written again; what happened meanwhile is stored"
        case .noRoomForJobs(let reason): "no job is accepted: \(reason)"
        case .roomForJobsAgain: "jobs are accepted again"
        }
    }
}
