import Foundation

/// Tells what may not be read in a state folder from what is not there: another user's folder hides all that it holds.
enum StatePermission {
    /// - Parameters:
    ///   - path: of a file in the folder; that it is not there is no error here.
    ///   - state: the folder as the user named it.
    /// - Throws: ``UsageError`` where the system does not let this user read it.
    static func check(_ path: String, of state: String) throws {
        guard access(path, R_OK) != 0, errno == EACCES || errno == EPERM else { return }
        throw UsageError("\(state) may not be read: permission denied; run this as its owner, or name another state folder with --state")
    }
}
