import Foundation
import ProcessSpawn
import Synchronization

/// The processes that builds run: waited for on the caller's own thread, ended together.
final class BuildProcesses: Sendable {
    private struct Content {
        var isStopped = false
        var running: [Int32: SpawnedProcess] = [:]
    }

    private let content = Mutex(Content())

    /// What a process left: whether it ended well, and what it wrote.
    struct Ended {
        var isSuccess: Bool
        var output: String
    }

    /// Runs a program to its end. It blocks: for a thread of the caller's own.
    func run(
        _ executable: String, _ arguments: [String], environment: [String: String], in room: BuildRoom
    ) throws(DependencyFailure) -> Ended {
        let process: SpawnedProcess
        let log = room.folder + "/output"
        unlink(log)
        do throws(SpawnError) {
            process = try spawn(
                SpawnRequest(
                    executable: executable, arguments: arguments,
                    environment: environment.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }, workingDirectory: room.folder,
                    standardOutput: .file(path: log, append: true), standardError: .file(path: log, append: true), newSession: true,
                    diesWithParent: true))
        } catch {
            throw DependencyFailure(description: error.description, isOfThePlatform: true)
        }
        let isStopped = content.withLock { content in
            content.running[process.pid] = process
            return content.isStopped
        }
        if isStopped { kill(-process.pid, SIGKILL) }
        var end = pollfd(fd: process.pidfd, events: Int16(POLLIN), revents: 0)
        while poll(&end, 1, -1) < 0, errno == EINTR {}
        // Before it is reaped: after that its number may be another's.
        content.withLock { _ = $0.running.removeValue(forKey: process.pid) }
        let report = reap(pid: process.pid, blocking: true)
        let output = FileManager.default.contents(atPath: log).map { String(decoding: $0, as: UTF8.self) } ?? ""
        return Ended(isSuccess: report?.ending == .code(0), output: output)
    }

    /// Ends all of them, and every later one as soon as it is started.
    func stop() {
        content.withLock { content in
            content.isStopped = true
            for pid in content.running.keys.sorted() { kill(-pid, SIGKILL) }
        }
    }
}
