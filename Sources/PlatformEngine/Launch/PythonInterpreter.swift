import Foundation
import ProcessSpawn

/// Finds the Python that runs jobs. It may start a process and wait for it: for a thread of its own.
enum PythonInterpreter {
    /// `python3` on the server's path. A script in its place (such as a version manager's shim) is asked once for the
    /// real one, so that not every job pays for it.
    static func find(_ environment: [String: String]) -> Result<String, MissingInterpreter> {
        let path = environment["PATH"] ?? LaunchComposer.standardPath
        guard let found = findExecutable(named: "python3", path: path) else {
            return .failure(MissingInterpreter(detail: "there is no python3 on the server's PATH (\(path)); install Python 3, or add it to PATH"))
        }
        guard isScript(found) else { return .success(found) }
        return .success(ask(found, environment) ?? found)
    }

    /// The same, away from the threads that everyone shares.
    static func find(_ environment: [String: String]) async -> Result<String, MissingInterpreter> {
        await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: find(environment)) }
        }
    }

    private static func isScript(_ path: String) -> Bool {
        guard let file = OpenFile(path) else { return false }
        return file.read(from: 0, count: 2) == Array("#!".utf8)
    }

    private static func ask(_ shim: String, _ environment: [String: String]) -> String? {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { return nil }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let process = try? spawn(
            SpawnRequest(
                executable: shim, arguments: ["-c", "import sys; sys.stdout.write(sys.executable)"],
                environment: environment.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
                standardOutput: .descriptor(ends[1])))
        close(ends[1])
        guard let process else { return nil }
        let answer = readToEnd(ends[0])
        _ = reap(pid: process.pid, blocking: true)
        return access(answer, X_OK) == 0 ? answer : nil
    }

    private static func readToEnd(_ descriptor: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}

/// There is nothing to run Python jobs with.
struct MissingInterpreter: Error, Sendable {
    var detail: String
}
