import Foundation
import PlatformEngine
import Simulation
import Testing

@Suite("What can keep a platform from starting, or a job from running")
struct StartTests {
    @Test("a state folder that is a file, or lies below one, is one clear line")
    func folderIsAFile() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
        for path in [folder.path + "/file", folder.path + "/file/below"] {
            let configuration = EngineConfiguration(stateFolder: path, executable: builtExecutable, environment: [:])
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
            let pid = try #require(await engine.nodes().first?.pid)
            kill(pid, SIGKILL)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .failed })
            #expect(try await engine.job(job.id, tenant: tenant).error?.code == "node_lost")
            #expect(engine.liveProcesses(ofJob: job.id).isEmpty)
            _ = try await engine.submit(Submission(code: "true", language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.last?.record.status == .succeeded })
        }
    }
}
