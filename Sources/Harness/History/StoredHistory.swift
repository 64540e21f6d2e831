import Foundation
import JobHistory

/// The history of a state folder that the user named.
public enum StoredHistory {
    /// - Parameter otherwise: what else the user could name, where there is none.
    /// - Returns: the path of its database.
    /// - Throws: ``UsageError`` where there is none, or it may not be read.
    public static func path(state: String, otherwise: String = "name a state folder with --state") throws -> String {
        let path = state + "/history.sqlite"
        try StatePermission.check(path, of: state)
        guard FileManager.default.fileExists(atPath: path) else { throw UsageError("\(state) holds no history; \(otherwise)") }
        return path
    }

    /// To read, also beside a server.
    public static func reading(state: String) throws -> JobHistory { try JobHistory.openReadOnly(path: path(state: state)) }
}
