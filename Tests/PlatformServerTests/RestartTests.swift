import Foundation
import NativeClient
import PlatformEngine
import PlatformServer
import Simulation
import Testing

@Suite("Stop and start again")
struct RestartTests {
    @Test("after a stop, running jobs have failed as platform_stopped, pending ones wait and run after the next start")
    func stopAndStart() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var running = ""
        var pending = ""
        try await TestPlatform.run(slots: 1, in: folder) { platform in
            running = try await platform.submit("echo up; sleep 600")
            await platform.waitUntil(running, is: .running)
            pending = try await platform.submit("echo ran later")
            #expect(try await platform.get("/v1/jobs/\(pending)").string("status") == "pending")
        }
        try await TestPlatform.run(slots: 1, in: folder) { platform in
            let stopped = try await platform.get("/v1/jobs/\(running)")
            #expect(stopped.string("status") == "failed")
            #expect(stopped.string("error.code") == "platform_stopped")
            #expect(platform.engine.liveProcesses(ofJob: running).isEmpty)
            #expect(try await platform.ended(pending).string("status") == "succeeded")
            #expect(try await platform.get("/v1/jobs/\(pending)/logs").text == "ran later\n")
        }
    }

    @Test("an engine that vanished is replaced: running jobs are adopted and keep their true end")
    func adoption() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = TestPlatform.configuration(folder)
        let first = try await Engine.start(configuration)
        let tenant = Tenant(name: "alice")
        _ = try await first.addTenant(tenant)
        let live = try await first.submit(
            Submission(code: "while [ ! -e \"$HOME/go\" ]; do sleep 0.01; done; exit 3", language: .shell), tenant: tenant)
        let kept = try await first.submit(Submission(code: "echo once", language: .shell), tenant: tenant)
        #expect(await first.wait(tenant: tenant, timeoutSeconds: 60) { $0.first?.record.status == .running && $0.last?.record.status == .succeeded })
        await first.abandon()

        let second = try await Engine.start(configuration)
        _ = try await second.addTenant(tenant)
        #expect(try await second.job(live.id, tenant: tenant).status == .running)
        #expect(try await second.job(kept.id, tenant: tenant).status == .succeeded)
        let work = second.stateFolder + "/jobs/\(live.id)/work"
        try touch(work + "/go")
        #expect(await second.wait(tenant: tenant, timeoutSeconds: 60) { $0.contains { $0.record.status == .failed } })
        let ended = try await second.job(live.id, tenant: tenant)
        #expect(ended.exitCode == 3)
        #expect(try await second.log(.stdout, ofJob: kept.id, tenant: tenant).all() == Array("once\n".utf8))
        try await second.stop()
    }

    @Test("a client's token is good for the next server on the folder too, and kept for its owner only")
    func tokens() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var tokens: [[String]] = []
        for given in [nil, nil, Token("mine"), nil] {
            let engine = try await Engine.start(TestPlatform.configuration(folder))
            let server = try await PlatformServer.start(engine: engine, token: given)
            let client = try NativeClient(endpoint: server.endpoint, token: server.token)
            #expect(try await client.request("GET", "/v1/whoami").status == 200)
            client.close()
            tokens.append([server.token, server.adminToken])
            await server.stop()
            try await engine.stop()
        }
        #expect(tokens[0] == tokens[1] && tokens[0][0] != tokens[0][1])
        #expect(tokens[2] == ["mine", tokens[0][1]] && tokens[3] == tokens[2])
        for name in ["token", "admin-token"] {
            let path = folder.path + "/state/" + name
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
        }

        try Data(" \n".utf8).write(to: URL(fileURLWithPath: folder.path + "/state/token"))
        let engine = try await Engine.start(TestPlatform.configuration(folder))
        let error = await #expect(throws: ServerError.self) { try await PlatformServer.start(engine: engine) }
        #expect(error?.description.contains("/state/token holds no token") == true)
        try await engine.stop()
    }

    @Test("a second server on the same folder is refused by the folder's name and the first one's pid")
    func secondServer() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try await TestPlatform.run(in: folder) { platform in
            let error = await #expect(throws: EngineError.self) { try await Engine.start(TestPlatform.configuration(folder)) }
            #expect(error?.description.contains(platform.engine.stateFolder) == true)
            #expect(error?.description.contains("pid \(getpid())") == true)
        }
    }
}
