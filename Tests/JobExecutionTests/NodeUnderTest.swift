import Foundation
import JobExecution
import ProcessSpawn
import TestedProgram
import Testing

/// A real node in a folder of its own, driven as the engine does. Whatever the test did, nothing of it is left at the end.
final class NodeUnderTest {
    let folder: NodeFolder
    private(set) var client: NodeClient
    private var events: AsyncStream<NodeEvent>.AsyncIterator
    private var kept: [NodeEvent] = []

    private let accounting: Accounting

    private init(_ folder: NodeFolder, _ client: NodeClient, _ accounting: Accounting) {
        self.folder = folder
        self.client = client
        self.accounting = accounting
        events = client.events.makeAsyncIterator()
    }

    static func with(accounting: Accounting = .auto, _ body: (NodeUnderTest) async throws -> Void) async throws {
        // Deeper than any socket's path may be.
        let root = NSTemporaryDirectory() + "node-\(UUID().uuidString)/"
        let folder = try NodeFolder(path: root + String(repeating: "deep/", count: 20))
        let node = NodeUnderTest(folder, try await connect(folder, accounting), accounting)
        let outcome: Result<Void, any Error>
        do { outcome = .success(try await body(node)) } catch { outcome = .failure(error) }
        await node.client.stop(graceSeconds: 0)
        _ = try? folder.reconcile()
        try? FileManager.default.removeItem(atPath: root)
        try outcome.get()
    }

    private static func connect(_ folder: NodeFolder, _ accounting: Accounting) async throws -> NodeClient {
        try await NodeClient.connectOrStart(folder: folder.path, name: "node-1", executable: TestedProgram.path, accounting: accounting)
    }

    /// Connects anew, as an engine does after its restart.
    func reconnect() async throws {
        client = try await Self.connect(folder, accounting)
        events = client.events.makeAsyncIterator()
    }

    /// Lets go of the node as a dying engine does.
    func disconnect() async {
        client.disconnect()
        _ = await next { if case .connectionLost = $0 { true } else { nil } }
    }

    func shell(
        _ job: String, _ script: String, gated: Bool = false, environment: [(name: String, value: String)] = [],
        bounds: JobBounds = JobBounds()
    ) {
        client.launch(
            JobLaunch(
                job: job, executable: "/bin/sh", arguments: ["main.sh"], environment: [("PATH", "/usr/bin:/bin")] + environment, gated: gated,
                files: [LaunchFile(path: "work/main.sh", contents: Array(script.utf8))], bounds: bounds))
    }

    func python(_ job: String, _ script: String, bounds: JobBounds = JobBounds()) {
        client.launch(
            JobLaunch(
                job: job, executable: "/usr/bin/python3", arguments: ["-ISEu", "main.py"], environment: [("PATH", "/usr/bin:/bin")],
                files: [LaunchFile(path: "work/main.py", contents: Array(script.utf8))], bounds: bounds))
    }

    /// The first event, now or later, that `pick` takes. Others are kept for later questions.
    func next<Value>(_ pick: (NodeEvent) -> Value?) async -> Value? {
        for (index, event) in kept.enumerated() {
            guard let value = pick(event) else { continue }
            kept.remove(at: index)
            return value
        }
        while let event = await events.next() {
            if let value = pick(event) { return value }
            kept.append(event)
        }
        return nil
    }

    func started(_ job: String) async throws -> Int32 {
        try #require(await next { if case .started(job, let pid, _) = $0 { pid } else { nil } })
    }

    func exit(_ job: String) async throws -> JobExit {
        try #require(await next { if case .exited(job, let exit) = $0 { exit } else { nil } })
    }

    func output(_ job: String) throws -> String { try String(contentsOfFile: folder.standardOutput(ofJob: job), encoding: .utf8) }

    /// Waits until the job has printed that line: a condition of the job, so however long it takes.
    func printed(_ line: String, by job: String) async throws {
        while !((try? output(job)) ?? "").split(separator: "\n").contains(Substring(line)) { try await Task.sleep(for: .milliseconds(2)) }
    }
}
