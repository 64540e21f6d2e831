import Foundation
import ProcessSpawn
import TestedProgram
import Testing

@testable import JobExecution

@Suite("Nodes that share the jobs' folders", .timeLimit(.minutes(5)))
struct NeighbourTests {
    @Test("what a dead node left of a job is ended, and what a living one runs of the same job is spared")
    func sameJob() async throws {
        let root = NSTemporaryDirectory() + "nodes-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let dead = try await connect(root, "node-2")
        let strayed = try await runDaemon(by: dead)
        #expect(kill(dead.client.pid, SIGKILL) == 0)
        #expect(awaitEnd(pid: dead.client.pid, startTime: dead.startTime, milliseconds: 60_000))
        let living = try await connect(root, "node-1")
        let spared = try await runDaemon(by: living)

        #expect(isRunning(strayed) && isRunning(spared))
        let left = try dead.client.folder.reconcile()
        #expect(left.jobs == [.init(job: "job", outcome: .lost)])
        #expect(!isRunning(strayed) && isRunning(spared))
        let runs = try await living.client.report().map(\.state)
        #expect(runs.count == 1 && runs.allSatisfy { if case .running = $0 { true } else { false } })

        await living.client.stop(graceSeconds: 0)
        #expect(!isRunning(spared))
    }

    @Test("a number that is another process's by now names no node, and neither does a lock that was never signed")
    func staleNames() async throws {
        let root = NSTemporaryDirectory() + "nodes-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: root) }
        let folder = try NodeFolder(path: root + "/node-2", jobs: root + "/jobs")
        let neighbour = try NodeFolder(path: root + "/node-1", jobs: root + "/jobs")
        let child = try spawn(SpawnRequest(executable: "/bin/sleep", arguments: ["1000"]))
        defer { _ = reap(pid: child.pid, blocking: true) }
        defer { child.send(signal: SIGKILL) }
        let process = try #require(processEntry(child.pid))
        let own = try #require(processStartTime(getpid()))
        for note in ["", "node", "\(getpid())", "\(getpid()) \(own &+ 1)"] {
            try Data(note.utf8).write(to: URL(fileURLWithPath: neighbour.lock))
            #expect(folder.withoutNeighbours([process]) == [process], "\(note)")
        }
        let lock = try #require(try neighbour.takeLock())
        try neighbour.sign(lock)
        #expect(folder.withoutNeighbours([process]).isEmpty)
        #expect(neighbour.withoutNeighbours([process]) == [process])
        NodeFolder.release(lock)
    }

    private struct ConnectedTo {
        var client: NodeClient
        var startTime: UInt64
    }

    private func connect(_ root: String, _ name: String) async throws -> ConnectedTo {
        let client = try await NodeClient.connectOrStart(
            folder: "\(root)/nodes/\(name)", jobs: root + "/jobs", name: name, executable: TestedProgram.path)
        return ConnectedTo(client: client, startTime: try #require(processStartTime(client.pid)))
    }

    /// Has the node run the job, which leaves its session with a daemon.
    /// - Returns: the daemon.
    private func runDaemon(by node: ConnectedTo) async throws -> ProcessIdentity {
        let note = node.client.folder.workFolder(ofJob: "job") + "/daemon"
        try? FileManager.default.removeItem(atPath: note)
        let script = "setsid sh -c 'echo $$ > draft; mv draft daemon; exec sleep 1000' & sleep 1000"
        node.client.launch(
            JobLaunch(
                job: "job", executable: "/bin/sh", arguments: ["main.sh"], environment: [("PATH", "/usr/bin:/bin")],
                files: [LaunchFile(path: "work/main.sh", contents: Array(script.utf8))]))
        while !FileManager.default.fileExists(atPath: note) { try await Task.sleep(for: .milliseconds(2)) }
        let pid = try #require(Int32(try String(contentsOfFile: note, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)))
        return try #require(processEntry(pid)).identity
    }

    private func isRunning(_ process: ProcessIdentity) -> Bool {
        processEntry(process.pid).map { $0.startTime == process.startTime && !$0.hasEnded } ?? false
    }
}
