import JobHistory

/// Why a platform could not be started: one line that names what, where and what would be right.
public enum EngineError: Error, Sendable, Hashable, CustomStringConvertible {
    case stateFolder(path: String, detail: String)
    case inUse(path: String, pid: String?)
    case history(HistoryError)
    case node(detail: String)
    case badSettings(String)
    case sandbox(detail: String)

    public var description: String {
        switch self {
        case .stateFolder(let path, let detail):
            "cannot use \(path) as the state folder: \(detail); choose another with --state"
        case .inUse(let path, let pid):
            "the state folder \(path) is in use by another server" + (pid.map { " (pid \($0))" } ?? "")
                + "; stop that one, or choose another with --state"
        case .history(let error): "\(error)"
        case .node(let detail): "cannot start a node: \(detail)"
        case .badSettings(let detail): detail
        case .sandbox(let detail): "--sandbox: \(detail)"
        }
    }
}
