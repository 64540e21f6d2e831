import Foundation
import JobHistory

/// The history of a state folder that the user named.
public enum StoredHistory {
    /// - Returns: the path of its database.
    /// - Throws: ``UsageError`` where there is none.
    public static func path(state: String) throws -> String {
        let path = state + "/history.sqlite"
        guard FileManager.default.fileExists(atPath: path) else {
            throw UsageError("\(state) holds no history; name a state folder with --state")
        }
        return path
    }

    /// To read, also beside a server.
    public static func reading(state: String) throws -> JobHistory { try JobHistory.openReadOnly(path: path(state: state)) }
}
