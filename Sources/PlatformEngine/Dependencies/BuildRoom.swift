import Foundation

/// Where the processes of one build work: their working folder, home and temporary folder. It goes with the build.
struct BuildRoom: Sendable {
    let folder: String

    /// Makes it anew.
    init(_ folder: String) throws(DependencyFailure) {
        self.folder = folder
        remove()
        do {
            try FileManager.default.createDirectory(
                atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw DependencyFailure(description: "cannot make the folder \(folder)", isOfThePlatform: true)
        }
    }

    func remove() { try? FileManager.default.removeItem(atPath: folder) }

    /// What a process of a build has for an environment, and no more.
    func environment(_ serverEnvironment: [String: String]) -> [String: String] {
        [
            "PATH": serverEnvironment["PATH"] ?? LaunchComposer.standardPath, "LANG": "C.UTF-8", "HOME": folder, "TMPDIR": folder,
            // No file of the user's or the machine's may name another source.
            "PIP_CONFIG_FILE": "/dev/null",
        ]
    }
}
