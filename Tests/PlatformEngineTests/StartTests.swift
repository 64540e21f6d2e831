import Foundation
import Simulation
import TestedProgram
import Testing

@testable import PlatformEngine

@Suite("What can keep a platform from starting, or a job from running")
struct StartTests {
    @Test("a state folder that is a file, or lies below one, is one clear line")
    func folderIsAFile() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        for path in [folder.path + "/file", folder.path + "/file/below"] {
            let configuration = EngineConfiguration(stateFolder: path, executable: TestedProgram.path, environment: [:])
            let error = await #expect(throws: EngineError.self) { try await Engine.start(configuration) }
            let line = try #require(error?.description)
            #expect(line.contains(path) && line.contains("--state") && !line.contains("\n"), "\(line)")
        }
    }

    @Test("a history that is no database is refused and left as it is")
    func corruptHistory() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.test(folder)
        try FileManager.default.createDirectory(atPath: configuration.stateFolder, withIntermediateDirectories: true)
        let path = configuration.stateFolder + "/history.sqlite"
        let garbage = Data(repeating: 0x41, count: 8192)
        try garbage.write(to: URL(fileURLWithPath: path))
        let error = await #expect(throws: EngineError.self) { try await Engine.start(configuration) }
        #expect(error?.description.contains("history.sqlite") == true)
        #expect(FileManager.default.contents(atPath: path) == garbage)
    }

    @Test("a clean stop leaves everything in the one file, for its owner only")
    func cleanStop() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.test(folder)
        try await withEngine(configuration) { engine, tenant in
            for _ in 0..<20 { _ = try await engine.submit(Submission(code: "exit 0", language: .shell), tenant: tenant) }
            #expect(await engine.waitFor(tenant) { $0.filter { $0.record.status.isTerminal }.count == 20 })
            for name in ["history.sqlite", "history.sqlite-wal", "history.sqlite-shm"] {
                let path = engine.stateFolder + "/" + name
                #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600, "\(name)")
            }
        }
        let left = try FileManager.default.contentsOfDirectory(atPath: configuration.stateFolder)
        #expect(left.filter { $0.hasPrefix("history") } == ["history.sqlite"])
    }

    @Test("a job tells the node that it was launched on, and one that waits tells none")
    func node() async throws {
        try await withEngine(slots: 1) { engine, tenant in
            let first = try await engine.submit(Submission(code: "sleep 600", language: .shell), tenant: tenant)
            let second = try await engine.submit(Submission(code: "exit 0", language: .shell), tenant: tenant)
            #expect(first.node == "node-1")
            #expect(second.node == nil)
            #expect(try await engine.cancel(first.id, tenant: tenant))
            #expect(await engine.waitFor(tenant) { $0.filter { $0.record.status.isTerminal }.count == 2 })
            #expect(try await engine.job(second.id, tenant: tenant).node == "node-1")
        }
    }

    @Test("a value that is no figure costs its line none of the others")
    func metrics() async throws {
        try await withEngine { engine, tenant in
            let code = """
                cat > "$WINDTUNNEL_METRICS_FILE" <<'END'
                {"loss": 1.5, "step": 1}
                {"loss": null, "step": 2, "list": [1]}
                {"acc": NaN, "step": 3, "top": -Infinity}
                no json
                {"step": 4, "torn
                END
                """
            let job = try await engine.submit(Submission(code: code, language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.last?.record.status.isTerminal == true })
            let result = try await engine.result(ofJob: job.id, tenant: tenant)
            #expect(result.metrics == ["loss": .double(1.5), "step": .int(3)])
        }
    }

    @Test("of very many lines of metrics the last ones count, and those before are told as left out")
    func manyMetrics() throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/metrics.jsonl"
        try (1...5).map { "{\"step\": \($0), \"s\($0)\": true}\n" }.joined().write(toFile: path, atomically: false, encoding: .utf8)
        let (metrics, skipped) = MetricsFile.read(path, linesMax: 2)
        #expect(metrics == ["step": .int(5), "s4": .flag(true), "s5": .flag(true)])
        #expect(skipped == 3)
        #expect(MetricsFile.read(path).metrics.count == 6)
    }

    @Test("the state folder is for its owner only")
    func mode() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await withEngine(.test(folder)) { engine, _ in
            let mode = try FileManager.default.attributesOfItem(atPath: engine.stateFolder)[.posixPermissions] as? Int
            #expect(mode == 0o700)
        }
    }

    @Test("without a python3 on the path, a Python job fails and says so, a shell job runs")
    func noPython() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var configuration = EngineConfiguration.test(folder)
        configuration.environment = ["PATH": folder.path]
        try await withEngine(configuration) { engine, tenant in
            let python = try await engine.submit(Submission(code: "1"), tenant: tenant)
            let shell = try await engine.submit(Submission(code: "exit 0", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.filter { $0.record.status.isTerminal }.count == 2 })
            let failed = try await engine.job(python.id, tenant: tenant)
            #expect(failed.status == .failed)
            #expect(failed.error?.code == "launch_failed")
            #expect(failed.error?.message.contains("python3") == true)
            #expect(try await engine.job(shell.id, tenant: tenant).status == .succeeded)
        }
    }

    @Test("slots must be 1 or more")
    func slots() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.test(folder, slots: 0)
        let error = await #expect(throws: EngineError.self) { try await Engine.start(configuration) }
        #expect(error?.description == "slots must be 1 or more, not 0")
    }

    @Test("a node that is killed is replaced: its jobs are lost and said so, later ones run")
    func nodeLoss() async throws {
        try await withEngine(slots: 1) { engine, tenant in
            let job = try await engine.submit(Submission(code: "sleep 600", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .running })
            let pid = try #require(await engine.nodeInformation().first?.pid)
            kill(pid, SIGKILL)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .failed })
            #expect(try await engine.job(job.id, tenant: tenant).error?.code == "node_lost")
            #expect(engine.liveProcesses(ofJob: job.id).isEmpty)
            _ = try await engine.submit(Submission(code: "true", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.last?.record.status == .succeeded })
        }
    }
}
