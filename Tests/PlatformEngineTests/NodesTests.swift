import Foundation
import JobHistory
import Simulation
import Testing

@testable import PlatformEngine

@Suite("Several nodes", .timeLimit(.minutes(5)))
struct NodesTests {
    @Test("three nodes with two slots each run six jobs at once, two on each")
    func sixAtOnce() async throws {
        try await withNodes(3, slots: 2) { bench in
            for _ in 0..<7 { try await bench.submit(.held) }
            #expect(await bench.engine.waitFor(bench.tenant) { $0.filter { $0.record.status == .running }.count == 6 })
            let nodes = await bench.engine.nodeInformation()
            #expect(nodes.map(\.name) == ["node-1", "node-2", "node-3"])
            #expect(nodes.map(\.running) == [2, 2, 2] && nodes.allSatisfy { $0.isConnected && $0.condition == .up })
            #expect(Set(nodes.compactMap(\.pid)).count == 3)
            for job in await bench.jobs() where job.status == .running {
                let node = try #require(nodes.first { $0.name == job.node }?.pid)
                #expect(bench.engine.liveProcesses(ofJob: job.id).contains { $0.parent == node })
            }
            try bench.release()
            #expect(await bench.engine.waitFor(bench.tenant) { $0.filter { $0.record.status == .succeeded }.count == 7 })
        }
    }

    @Test("a job goes where enough is left of what it asks for, and waits where nowhere is")
    func capacity() async throws {
        try await withNodes(2, slots: 4, capacity: Capacity(cpus: 2)) { bench in
            let wide = try await bench.submit(.held, Resources(cpuCount: 2))
            let narrow = try await bench.submit(.held, Resources(cpuCount: 1))
            let second = try await bench.submit(.held, Resources(cpuCount: 2))
            #expect(await bench.engine.waitFor(bench.tenant) { $0.filter { $0.record.status == .running }.count == 2 })
            let nodes = await bench.engine.nodeInformation()
            #expect(nodes.map(\.allocated.cpus) == [2, 1] && nodes.map(\.capacity.cpus) == [2, 2])
            #expect(try await bench.job(wide).node == "node-1")
            #expect(try await bench.job(narrow).node == "node-2")
            #expect(try await bench.job(second).status == .pending)
            try bench.release()
            #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status == .succeeded } })
        }
    }

    @Test("an engine that vanished is replaced: the jobs of all nodes are adopted")
    func adoption() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.nodes(folder, 3, slots: 2)
        let first = try await NodeBench(configuration, folder)
        for _ in 0..<6 { try await first.submit(.held) }
        #expect(await first.engine.waitFor(first.tenant) { $0.allSatisfy { $0.record.status == .running } })
        let pids = await first.engine.nodeInformation().map(\.pid)
        await first.engine.abandon()

        let second = try await NodeBench(configuration, folder)
        #expect(await second.engine.nodeInformation().map(\.pid) == pids)
        #expect(await second.jobs().map(\.status) == Array(repeating: .running, count: 6))
        try second.release()
        #expect(await second.engine.waitFor(second.tenant) { $0.allSatisfy { $0.record.status == .succeeded } })
        try await second.stop()
        #expect(second.runs() == 6)
    }

    @Test("with fewer nodes than before, the others are ended and their jobs lost; with more, jobs go there too")
    func fewerAndMore() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let first = try await NodeBench(.nodes(folder, 3, slots: 1), folder)
        let stays = try await first.submit(.held)
        let lost = try await first.submit(.held)
        let retried = try await first.submit(.held, retries: 1)
        #expect(await first.engine.waitFor(first.tenant) { $0.allSatisfy { $0.record.status == .running } })
        let pids = await first.engine.nodeInformation().compactMap(\.pid)
        await first.engine.abandon()

        let second = try await NodeBench(.nodes(folder, 1, slots: 1), folder)
        #expect(await second.engine.waitFor(second.tenant) { $0.contains { $0.record.status == .failed } })
        #expect(pids.map(isAlive) == [true, false, false])
        #expect(try await second.job(stays).status == .running)
        #expect(try await second.job(lost).error?.code == "node_lost")
        for job in [lost, retried] { #expect(second.engine.liveProcesses(ofJob: job).isEmpty) }
        await second.engine.abandon()

        let third = try await NodeBench(.nodes(folder, 2, slots: 1), folder)
        #expect(await third.engine.waitFor(third.tenant) { $0.filter { $0.record.node == "node-2" && $0.record.attempt == 2 }.count == 1 })
        try third.release()
        #expect(await third.engine.waitFor(third.tenant) { $0.allSatisfy { $0.record.status.isTerminal } })
        #expect(try await third.job(stays).status == .succeeded)
        #expect(try await third.job(retried).status == .succeeded)
        try await third.stop()
    }

    @Test("a job that went elsewhere when its node was given up runs on when that comes back")
    func comesBack() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let first = try await NodeBench(.nodes(folder, 2, slots: 1), folder)
        let before = try await first.submit("while [ ! -e '\(folder.path)/make-room' ]; do sleep 0.02; done")
        let id = try await first.submit(.held, retries: 1)
        #expect(await first.engine.waitFor(first.tenant) { $0.allSatisfy { $0.record.status == .running } })
        try await first.await { first.runs() == 1 }
        #expect(try await first.job(id).node == "node-2")
        await first.engine.abandon()

        let second = try await NodeBench(.nodes(folder, 1, slots: 1), folder)
        try Data().write(to: URL(fileURLWithPath: folder.path + "/make-room"))
        try await second.await { second.runs() == 2 }
        #expect(try await second.job(before).status == .succeeded)
        let moved = try await second.job(id)
        #expect(moved.node == "node-1" && moved.attempt == 2)
        await second.engine.abandon()

        let third = try await NodeBench(.nodes(folder, 2, slots: 1), folder)
        try third.release()
        #expect(await third.engine.waitFor(third.tenant) { $0.allSatisfy { $0.record.status.isTerminal } })
        let ended = try await third.job(id)
        #expect(ended.status == .succeeded && ended.attempt == 2 && third.runs() == 2)
        try await third.stop()
    }

    @Test("how many nodes there are must make sense")
    func badSettings() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let error = await #expect(throws: EngineError.self) { try await Engine.start(.nodes(folder, 0)) }
        #expect(error?.description == "nodes must be 1 or more, not 0")
    }

    @Test("a time limit of centuries, and one that is short")
    func timers() async throws {
        try await withNodes(1, slots: 2) { bench in
            let long = try await bench.submit("true", Resources(maxRuntimeHours: 1e300))
            let short = try await bench.submit(.held, Resources(maxRuntimeHours: 0.0001))
            #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status.isTerminal } })
            #expect(try await bench.job(long).status == .succeeded)
            #expect(try await bench.job(short).error?.code == "time_limit")
            #expect(await bench.engine.timers.isEmpty)
            let another = try await bench.submit(.held, Resources(maxRuntimeHours: 1))
            #expect(await bench.engine.waitFor(bench.tenant) { $0.last?.record.status == .running })
            #expect(await bench.engine.timers.keys.contains(.timeLimit(job: another)))
            let pid = try #require(await bench.engine.nodeInformation().first?.pid)
            await bench.engine.close()
            #expect(await bench.engine.timers.isEmpty)
            // A closed engine stops nothing any more.
            kill(pid, SIGKILL)
            try await bench.await { !isAlive(pid) }
        }
    }
}
