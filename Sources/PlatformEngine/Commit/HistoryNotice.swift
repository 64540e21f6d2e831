import JobHistory

/// What the operator should hear of the history. Each is told once, when it comes about, however often writing is tried meanwhile.
public enum HistoryNotice: Sendable, Hashable, CustomStringConvertible {
    case cannotBeWritten(HistoryError)
    case canBeWrittenAgain

    public var description: String {
        switch self {
        case .cannotBeWritten(let error):
            "the history cannot be written: \(PlatformError(error).message); until then nothing new is accepted, and jobs that end stay as they were"
        case .canBeWrittenAgain: "the history can be written again; what happened meanwhile is stored"
        }
    }
}
