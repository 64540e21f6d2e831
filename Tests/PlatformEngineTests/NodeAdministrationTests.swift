import Foundation
import Simulation
import Testing

@testable import PlatformEngine

@Suite("Nodes, administered", .timeLimit(.minutes(5)))
struct NodeAdministrationTests {
    @Test("a paused node and its jobs stand still, however long; what is submitted goes elsewhere or waits; resumed, all goes on")
    func pause() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await withNodes(.nodes(folder, 2, slots: 1, silence: 0.3), folder) { bench in
            let ticks = folder.path + "/ticks"
            let paused = try await bench.submit("(while :; do echo >> '\(ticks)'; sleep 0.01; done) & \(String.held)")
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running })
            try await bench.await { FileManager.default.fileExists(atPath: ticks) }
            #expect(try await bench.engine.pauseNode("node-1").condition == .paused)
            let pid = try #require(await bench.engine.nodeInformation().first?.pid)
            // Told to stop, a process that waits for a processor still seems to run.
            try await bench.await { bench.engine.liveProcesses(ofJob: paused).allSatisfy { $0.isStopped } }
            let processes = bench.engine.liveProcesses(ofJob: paused)
            #expect(processes.count >= 2)
            // Two jobs need two slots, one after the other on the only node that is left, and much longer than the silence that kills.
            for code in ["sleep 1", "true"] { try await bench.submit(code) }
            #expect(await bench.engine.waitFor(bench.tenant) { $0.dropFirst().allSatisfy { $0.record.status == .succeeded } })
            #expect(await bench.jobs().map(\.node) == ["node-1", "node-2", "node-2"])
            let still = bench.engine.liveProcesses(ofJob: paused).filter { $0.isStopped }
            #expect(still == processes)
            try bench.release()
            #expect(try await bench.engine.resumeNode("node-1").condition == .up)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status == .succeeded } })
            #expect(await bench.engine.nodeInformation().first?.pid == pid)
        }
    }

    @Test("a cancellation on a paused node is carried out when it is resumed")
    func cancelThenResume() async throws {
        try await withNodes(1, slots: 1) { bench in
            let id = try await bench.submit(.held)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running })
            _ = try await bench.engine.pauseNode("node-1")
            #expect(try await bench.engine.cancel(id, tenant: bench.tenant))
            #expect(try await bench.job(id).status == .running)
            _ = try await bench.engine.resumeNode("node-1")
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .cancelled })
        }
    }

    @Test("a cancellation on a paused node is carried out when it is killed, whatever retries are left")
    func cancelThenKill() async throws {
        try await withNodes(1, slots: 1) { bench in
            let id = try await bench.submit(.held, retries: 3)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running })
            _ = try await bench.engine.pauseNode("node-1")
            #expect(try await bench.engine.cancel(id, tenant: bench.tenant))
            _ = try await bench.engine.killNode("node-1")
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .cancelled })
            #expect(bench.engine.liveProcesses(ofJob: id).isEmpty)
        }
    }

    @Test("a cancellation of a job that waits at a paused node is carried out when that is killed or resumed, and the job never runs", arguments: [true, false])
    func cancelWaiting(isKilled: Bool) async throws {
        try await withNodes(1, slots: 1) { bench in
            for _ in 0..<12 { try await bench.submit(.held) }
            let atNode = { @Sendable (jobs: [WatchedJob]) in jobs.filter { $0.record.status == .pending && $0.record.node != nil } }
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running && !atNode($0).isEmpty })
            let id = try #require(atNode(await bench.engine.watchedJobs(of: bench.tenant)).last?.record.id)
            _ = try await bench.engine.pauseNode("node-1")
            #expect(try await bench.engine.cancel(id, tenant: bench.tenant))
            // Both orders to end it are given, and nobody heard them.
            try await bench.await { await bench.engine.timers.isEmpty }
            #expect(try await bench.job(id).status == .pending)
            _ = try await isKilled ? bench.engine.killNode("node-1") : bench.engine.resumeNode("node-1")
            try bench.release()
            #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status.isTerminal } })
            let cancelled = try await bench.job(id)
            #expect(cancelled.status == .cancelled && cancelled.startedAt == nil)
            #expect(bench.runs() <= 11)
        }
    }

    @Test("a drained node finishes what it has and takes no more, also when its process is lost, until it is undrained")
    func drain() async throws {
        try await withNodes(1, slots: 1) { bench in
            let last = try await bench.submit(.held)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running })
            #expect(try await bench.engine.drainNode("node-1").condition == .draining)
            let waiting = try await bench.submit("true")
            try bench.release()
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .succeeded })
            #expect(try await bench.job(waiting).status == .pending)
            let pid = await bench.engine.nodeInformation().first?.pid
            _ = try await bench.engine.killNode("node-1")
            try await bench.await {
                let node = await bench.engine.nodeInformation().first
                return node?.condition == .draining && node?.pid != nil && node?.pid != pid
            }
            #expect(try await bench.job(waiting).status == .pending)
            #expect(try await bench.job(last).status == .succeeded)
            #expect(try await bench.engine.undrainNode("node-1").condition == .up)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.last?.record.status == .succeeded })
        }
    }

    @Test("what cannot be is refused with a clear line")
    func refusals() async throws {
        try await withNodes(2, slots: 1) { bench in
            let engine = bench.engine
            func refusal(_ change: () async throws -> NodeInformation) async -> PlatformError? {
                do { _ = try await change() } catch { return error as? PlatformError }
                return nil
            }
            #expect(
                await refusal { try await engine.killNode("node-9") }
                    == PlatformError(.notFound, "there is no node \"node-9\"; there are node-1, node-2"))
            #expect(
                await refusal { try await engine.resumeNode("node-1") } == PlatformError(.conflict, "node-1 is up: there is nothing to resume"))
            #expect(await refusal { try await engine.undrainNode("node-1") } == PlatformError(.conflict, "node-1 is up, not draining"))
            _ = try await engine.drainNode("node-1")
            #expect(await refusal { try await engine.drainNode("node-1") } == PlatformError(.conflict, "node-1 is draining already"))
            _ = try await engine.pauseNode("node-1")
            #expect(await refusal { try await engine.pauseNode("node-1") } == PlatformError(.conflict, "node-1 is paused already"))
            #expect(
                await refusal { try await engine.drainNode("node-1") }
                    == PlatformError(.conflict, "node-1 is paused, and finishes nothing: resume it first"))
            #expect(try await engine.resumeNode("node-1").condition == .up)
        }
    }

    @Test("a platform with a paused node stops, and one that vanished is replaced: the pause is over then")
    func pauseAndEnd() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.nodes(folder, 1, slots: 1)
        let first = try await NodeBench(configuration, folder)
        let id = try await first.submit(.held)
        #expect(await first.engine.waitFor(first.tenant) { $0.first?.record.status == .running })
        _ = try await first.engine.pauseNode("node-1")
        await first.engine.abandon()

        let second = try await NodeBench(configuration, folder)
        #expect(await second.engine.nodeInformation().first?.condition == .up)
        let stopped = second.engine.liveProcesses(ofJob: id).filter { $0.isStopped }
        #expect(stopped.isEmpty)
        _ = try await second.engine.pauseNode("node-1")
        let pid = try #require(await second.engine.nodeInformation().first?.pid)
        try await second.stop()
        #expect(!isAlive(pid) && second.engine.liveProcesses(ofJob: id).isEmpty)
        #expect(second.runs() == 1)
    }
}
