import Foundation
import JobExecution
import ProcessSpawn
import TestedProgram
import Testing

@Suite("Crashes around a node", .timeLimit(.minutes(5)))
struct NodeCrashTests {
    @Test("jobs run on without an engine, and the next one collects their exits")
    func engineDies() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "while [ ! -e go ]; do sleep 0.01; done; exit 5")
            let pid = try await node.started("job")
            let nodePid = node.client.pid
            await node.disconnect()
            #expect(FileManager.default.createFile(atPath: node.folder.workFolder(ofJob: "job") + "/go", contents: nil))
            while node.folder.storedExit(ofJob: "job") == nil { try await Task.sleep(for: .milliseconds(2)) }
            try await node.reconnect()
            #expect(node.client.pid == nodePid)
            #expect(node.client.reconciliation == nil)
            let entry = try #require(try await node.client.report().first)
            guard case .ended(let exit) = entry.state else { return #expect(Bool(false), "\(entry)") }
            #expect(exit.exitCode == 5)
            #expect(processEntry(pid) == nil)
        }
    }

    @Test("a running job is adopted by the next engine, which is told its exit")
    func adopted() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "while [ ! -e go ]; do sleep 0.01; done; exit 6")
            let pid = try await node.started("job")
            await node.disconnect()
            try await node.reconnect()
            let state = try await node.client.report().first?.state
            if case .running(pid, _) = state {} else { Issue.record("\(String(describing: state))") }
            #expect(FileManager.default.createFile(atPath: node.folder.workFolder(ofJob: "job") + "/go", contents: nil))
            #expect(try await node.exit("job").exitCode == 6)
        }
    }

    @Test("after the node's death no process of a job is left, and each job is ended or lost")
    func nodeDies() async throws {
        try await NodeUnderTest.with { node in
            node.shell("ended", "exit 8")
            let exit = try await node.exit("ended")
            node.shell("daemon", "(setsid /bin/sleep 98765 &); echo ready; sleep 1000")
            node.shell("plain", "echo ready; sleep 1000")
            try await node.printed("ready", by: "daemon")
            try await node.printed("ready", by: "plain")
            #expect(kill(node.client.pid, SIGKILL) == 0)
            let lost = await node.next { if case .connectionLost = $0 { true } else { nil } }
            #expect(lost == true)

            try await node.reconnect()
            let left = try #require(node.client.reconciliation)
            #expect(left.jobs.map(\.job) == ["daemon", "ended", "plain"])
            #expect(left.jobs.map(\.outcome) == [.lost, .ended(exit), .lost])
            for job in ["daemon", "plain"] { #expect(node.folder.liveProcesses(ofJob: job) == []) }

            // What the dead node had launched is not run again by its successor.
            node.shell("plain", "echo again")
            let refused = await node.next { if case .launchFailed("plain", _) = $0 { true } else { nil } }
            #expect(refused == true)
            node.shell("ended", "echo again")
            #expect(try await node.exit("ended") == exit)
            #expect(try node.output("plain") == "ready\n")
        }
    }

    @Test("a node that somebody told to end keeps quiet about what it ended and what waited: the one is lost, the other is unknown")
    func terminated() async throws {
        try await NodeUnderTest.with { node in
            node.client.limit(slots: 1)
            node.shell("ended", "exit 8")
            let exit = try await node.exit("ended")
            node.shell("runs", "echo ready; sleep 1000")
            node.shell("waits", "echo ran")
            try await node.printed("ready", by: "runs")
            #expect(kill(node.client.pid, SIGTERM) == 0)
            // Of the two nothing was told before the connection ended.
            let told = await node.next { event -> String? in
                switch event {
                case .launchFailed(let job, _), .exited(let job, _): job
                case .connectionLost: "nothing"
                case .started: nil
                }
            }
            #expect(told == "nothing")
            try await node.reconnect()
            let left = try #require(node.client.reconciliation)
            #expect(left.jobs.map(\.job) == ["ended", "runs"])
            #expect(left.jobs.map(\.outcome) == [.ended(exit), .lost])
            node.shell("waits", "echo ran")
            #expect(try await node.exit("waits").exitCode == 0)
        }
    }

    @Test("what a crash left half written is ignored, and what stands before it counts")
    func tornNotes() async throws {
        try await NodeUnderTest.with { node in
            node.shell("ended", "exit 8")
            let exit = try await node.exit("ended")
            node.shell("cut", "exit 9")
            _ = try await node.exit("cut")
            #expect(kill(node.client.pid, SIGKILL) == 0)
            _ = await node.next { if case .connectionLost = $0 { true } else { nil } }
            let journal = URL(fileURLWithPath: node.folder.path + "/journal")
            let whole = try Data(contentsOf: journal)
            try whole.dropLast(1).write(to: journal)

            try await node.reconnect()
            #expect(node.client.reconciliation?.jobs.map(\.outcome) == [.lost, .ended(exit)])
            // The next node writes on behind what counts.
            node.shell("next", "exit 4")
            let next = try await node.exit("next")
            #expect(node.folder.storedExit(ofJob: "ended") == exit)
            #expect(node.folder.storedExit(ofJob: "next") == next)
            #expect(node.folder.storedExit(ofJob: "cut") == nil)
        }
    }

    @Test("a next node does not know what was forgotten, and knows the rest")
    func forgottenForGood() async throws {
        try await NodeUnderTest.with { node in
            for job in ["kept", "dropped"] {
                node.shell(job, "exit 1")
                _ = try await node.exit(job)
            }
            node.client.forget(job: "dropped")
            _ = try await node.client.report()  // the node has done what came before
            #expect(kill(node.client.pid, SIGKILL) == 0)
            _ = await node.next { if case .connectionLost = $0 { true } else { nil } }
            for _ in 1...2 {
                try await node.reconnect()
                let known = try await node.client.report().map(\.job)
                #expect(known == ["kept"])
                await node.disconnect()
            }
            try await node.reconnect()
        }
    }

    @Test("a second engine is refused while one is connected")
    func secondEngine() async throws {
        try await NodeUnderTest.with { node in
            let error = await #expect(throws: NodeError.self) {
                try await NodeClient.connectOrStart(folder: node.folder.path, name: "x", executable: TestedProgram.path)
            }
            #expect(error?.description == "node node-1 already serves an engine")
        }
    }

    @Test("a node without engine and jobs ends by itself")
    func idle() async throws {
        let path = NSTemporaryDirectory() + "node-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let client = try await NodeClient.connectOrStart(
            folder: path, name: "idle", executable: TestedProgram.path, idleSeconds: 0)
        let pid = client.pid
        client.disconnect()
        while processEntry(pid) != nil { try await Task.sleep(for: .milliseconds(2)) }
        #expect(!FileManager.default.fileExists(atPath: path + "/socket"))
    }

    @Test("a node that cannot start says why")
    func cannotStart() async throws {
        let path = NSTemporaryDirectory() + "node-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: path) }
        let error = await #expect(throws: SpawnError.self) {
            try await NodeClient.connectOrStart(folder: path, name: "x", executable: "/nowhere/windtunnel")
        }
        #expect(error?.description == "cannot run /nowhere/windtunnel: No such file or directory")
    }
}
