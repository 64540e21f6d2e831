import Foundation

/// Folders under the system's own for temporary files, readable by this user alone.
public enum TemporaryFolder {
    static func make() throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "windtunnel-\(UUID().uuidString)").path
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw UsageError("cannot make a temporary folder in \(FileManager.default.temporaryDirectory.path); set TMPDIR to one that is writable")
        }
        return path
    }

    /// Removes it with all that is in it; again where somebody wrote into it meanwhile.
    static func remove(_ path: String) {
        for _ in 0..<10 where FileManager.default.fileExists(atPath: path) { try? FileManager.default.removeItem(atPath: path) }
    }
}
