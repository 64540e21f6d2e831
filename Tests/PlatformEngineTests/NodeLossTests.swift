import Foundation
import JobHistory
import Simulation
import Testing

@testable import PlatformEngine

@Suite("The loss of a node", .timeLimit(.minutes(5)))
struct NodeLossTests {
    @Test("a killed node's jobs are lost, those of the others run on, and it is started again")
    func killed() async throws {
        try await withNodes(2, slots: 1) { bench in
            let lost = try await bench.submit(.held)
            let kept = try await bench.submit(.held)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status == .running } })
            let before = try #require(await bench.engine.nodeInformation().first?.pid)
            let told = try await bench.engine.killNode("node-1")
            #expect(told.name == "node-1" && told.condition == .down)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .failed })
            #expect(try await bench.job(lost).error?.code == "node_lost")
            #expect(bench.engine.liveProcesses(ofJob: lost).isEmpty)
            #expect(try await bench.job(kept).status == .running)
            let next = try await bench.submit("true")
            #expect(await bench.engine.waitFor(bench.tenant) { $0.last?.record.status == .succeeded })
            #expect(try await bench.job(next).node == "node-1")
            let after = await bench.engine.nodeInformation()
            #expect(after.allSatisfy { $0.condition == .up } && after.first?.pid != before)
            try bench.release()
            #expect(await bench.engine.waitFor(bench.tenant) { $0[1].record.status == .succeeded })
        }
    }

    @Test("a job that asks for it is run again, on the same node or another, and its log goes on", arguments: [1, 2])
    func retried(nodes: Int) async throws {
        try await withNodes(nodes, slots: 1) { bench in
            // The first attempt leaves a child behind that its node's end does not take along, and hangs; the second one ends.
            let id = try await bench.submit(
                """
                n=$(cat "$HOME/attempts" 2>/dev/null || echo 0); n=$((n + 1)); echo $n > "$HOME/attempts"; echo attempt $n
                [ $n = 2 ] && exit 0; setsid sleep 600 & sleep 600
                """, retries: 1)
            try await bench.await { String(decoding: try await bench.log(id), as: UTF8.self) == "attempt 1\n" }
            let early = try await bench.log(id)
            let node = try #require(try await bench.job(id).node)
            _ = try await bench.engine.killNode(node)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status.isTerminal == true })
            let ended = try await bench.job(id)
            #expect(ended.status == .succeeded && ended.attempt == 2 && ended.exitCode == 0)
            let whole = try await bench.log(id)
            #expect(whole == Array("attempt 1\nattempt 2\n".utf8) && whole.starts(with: early))
            #expect(bench.engine.liveProcesses(ofJob: id).isEmpty)
        }
    }

    @Test("what is lost more often than it may be run again has failed")
    func retriesExhausted() async throws {
        try await withNodes(1, slots: 1) { bench in
            let id = try await bench.submit(.held, retries: 1)
            for attempt in 1...2 {
                #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.attempt == attempt })
                try await bench.await { bench.runs() == attempt }
                try await bench.await { await bench.engine.nodeInformation().first?.condition == .up }
                _ = try await bench.engine.killNode("node-1")
            }
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .failed })
            #expect(try await bench.job(id).error?.code == "node_lost")
        }
    }

    @Test("nodes are killed under a crowd: every job ends, one without retries has run once at most, and nothing is left")
    func crowd() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.nodes(folder, 2, slots: 2)
        let bench = try await NodeBench(configuration, folder)
        let runs = folder.path + "/crowd"
        for number in 0..<60 { try await bench.submit("echo \(number) >> '\(runs)'; sleep 0.01", retries: number % 2) }
        for count in [5, 15, 25] {
            #expect(await bench.engine.waitFor(bench.tenant) { $0.filter { $0.record.status.isTerminal }.count >= count })
            let node = await bench.engine.nodeInformation().first { $0.condition == .up }
            if let pid = node?.pid { kill(pid, SIGKILL) }
        }
        #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status.isTerminal } })
        let jobs = await bench.jobs()
        let lines = (try? String(contentsOfFile: runs, encoding: .utf8))?.split(separator: "\n").compactMap { Int($0) } ?? []
        for (number, job) in jobs.enumerated() {
            let count = lines.filter { $0 == number }.count
            #expect(count <= job.attempt, "job \(number) ran \(count) times in \(job.attempt) attempts")
            #expect(job.status == .succeeded || job.error?.code == "node_lost", "job \(number): \(job)")
            #expect(job.status != .succeeded || count >= 1)
        }
        try await bench.stop()
        #expect(try JobHistory.openReadOnly(path: configuration.stateFolder + "/history.sqlite").verify().differences == [])
    }

    @Test("a node that stands still for a while loses nothing; one that does so for too long is killed, and its jobs are lost")
    func silence() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        // Longer than any pause of a busy machine, and the tolerated one far below it.
        try await withNodes(.nodes(folder, 1, slots: 1, silence: 3), folder) { bench in
            let kept = try await bench.submit(.held)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running })
            let pid = try #require(await bench.engine.nodeInformation().first?.pid)
            kill(pid, SIGSTOP)
            try bench.release()
            try await bench.await { bench.engine.liveProcesses(ofJob: kept).isEmpty }
            kill(pid, SIGCONT)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .succeeded })
            #expect(await bench.engine.nodeInformation().first?.pid == pid)

            let lost = try await bench.submit("sleep 600")
            #expect(await bench.engine.waitFor(bench.tenant) { $0.last?.record.status == .running })
            kill(pid, SIGSTOP)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.last?.record.status == .failed })
            #expect(try await bench.job(lost).error?.code == "node_lost")
            #expect(!isAlive(pid))
            try await bench.submit("true")
            #expect(await bench.engine.waitFor(bench.tenant) { $0.last?.record.status == .succeeded })
        }
    }

    @Test("a node that somebody else told to end takes nothing along that had not begun, and what ran is lost with it")
    func terminated() async throws {
        try await withNodes(1, slots: 2) { bench in
            let lost = try await bench.submit(.held)
            let retried = try await bench.submit(.held, retries: 1)
            for number in 0..<30 { try await bench.submit("echo \(number)") }
            #expect(await bench.engine.waitFor(bench.tenant) { $0.prefix(2).allSatisfy { $0.record.status == .running } })
            try await bench.await { await bench.engine.nodeInformation().first?.queued ?? 0 > 0 }
            // Else the process might not have come to note its run before it is told to end.
            try await bench.await { bench.runs() == 2 }
            kill(try #require(await bench.engine.nodeInformation().first?.pid), SIGTERM)
            #expect(await bench.engine.waitFor(bench.tenant) { $0.dropFirst(2).contains { $0.record.status.isTerminal } })
            try bench.release()
            #expect(await bench.engine.waitFor(bench.tenant) { $0.allSatisfy { $0.record.status.isTerminal } })
            #expect(try await bench.job(lost).error?.code == "node_lost")
            let again = try await bench.job(retried)
            #expect(again.status == .succeeded && again.attempt == 2)
            #expect(await bench.jobs().dropFirst(2).allSatisfy { $0.status == .succeeded && $0.attempt == 1 })
        }
    }

    @Test("a job that was seen to run, and that its node's notes do not know, is lost and not run again")
    func notesAreGone() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.nodes(folder, 1, slots: 1)
        let first = try await NodeBench(configuration, folder)
        let id = try await first.submit(.held)
        #expect(await first.engine.waitFor(first.tenant) { $0.first?.record.status == .running })
        try await first.await { first.runs() == 1 }
        let pid = try #require(await first.engine.nodeInformation().first?.pid)
        await first.engine.abandon()
        kill(pid, SIGKILL)
        try await first.await { !isAlive(pid) }
        try Data().write(to: URL(fileURLWithPath: configuration.stateFolder + "/nodes/node-1/journal"))

        try await withNodes(configuration, folder) { second in
            #expect(await second.engine.waitFor(second.tenant) { $0.first?.record.status.isTerminal == true })
            let ended = try await second.job(id)
            #expect(ended.error?.code == "node_lost" && second.runs() == 1)
        }
    }

    @Test("a node that hangs when the platform stops does not keep it")
    func silenceAtStop() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let bench = try await NodeBench(.nodes(folder, 1, slots: 1, silence: 0.3), folder)
        let id = try await bench.submit("sleep 600")
        #expect(await bench.engine.waitFor(bench.tenant) { $0.first?.record.status == .running })
        let pid = try #require(await bench.engine.nodeInformation().first?.pid)
        kill(pid, SIGSTOP)
        try await bench.stop()
        #expect(!isAlive(pid))
        #expect(bench.engine.liveProcesses(ofJob: id).isEmpty)
    }
}
