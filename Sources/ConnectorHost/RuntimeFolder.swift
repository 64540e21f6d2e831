import Foundation

/// A folder of the harness's own for sockets and captured output, readable by nobody else.
enum RuntimeFolder {
    /// A socket's path ends at 107 bytes: a long `TMPDIR` is not used.
    private static let longestParent = 50

    static func make() throws(ConnectorHostError) -> String {
        let wished = ProcessInfo.processInfo.environment["TMPDIR"] ?? ""
        let parent = wished.hasPrefix("/") && wished.utf8.count <= longestParent ? wished : "/tmp"
        var template = Array("\(parent)/windtunnel-XXXXXX".utf8CString)
        let made = template.withUnsafeMutableBufferPointer { buffer in
            buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) }
        }
        guard let made else {
            throw ConnectorHostError(.guest, "cannot make a folder in \(parent): \(String(cString: strerror(errno)))")
        }
        return made
    }

    static func makeFolder(_ path: String) throws(ConnectorHostError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
            throw ConnectorHostError(.guest, "cannot make the folder \(path): \(String(cString: strerror(errno)))")
        }
    }

    static func remove(_ folder: String) { try? FileManager.default.removeItem(atPath: folder) }

    /// Writes the guest's Python files, and returns the script that starts it.
    static func unpackGuest(into folder: String) throws(ConnectorHostError) -> String {
        do {
            for file in GuestFiles.all {
                let url = URL(fileURLWithPath: "\(folder)/\(file.path)")
                try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data("\(file.text)\n".utf8).write(to: url)
            }
        } catch {
            throw ConnectorHostError(.guest, "cannot write the guest's files to \(folder): \(error.localizedDescription)")
        }
        return "\(folder)/start.py"
    }
}
