import ConnectorHost
import JobHistory
import PlatformEngine
import PlatformServer

/// Which errors are the user's to mend: their text is one clear line, and the exit code is 2.
public enum UserErrors {
    public static func isUsers(_ error: any Error) -> Bool {
        switch error {
        case is UsageError, is EngineError, is HistoryError, is ServerError: true
        case let error as ConnectorHostError: error.isConfiguration
        default: false
        }
    }
}
