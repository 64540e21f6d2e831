import Foundation

/// This program's own file, which is also the node.
public enum Executable {
    /// `WINDTUNNEL_EXECUTABLE` names another one, for whoever uses the harness as a library (its tests do).
    /// - Throws: ``UsageError`` where it cannot be found.
    public static func path(environment: [String: String] = ProcessInfo.processInfo.environment) throws -> String {
        if let named = environment["WINDTUNNEL_EXECUTABLE"] { return named }
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe") else {
            throw UsageError("cannot find the program's own file in /proc/self/exe; set WINDTUNNEL_EXECUTABLE to it")
        }
        return path
    }
}
