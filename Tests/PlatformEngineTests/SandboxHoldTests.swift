import Simulation
import Testing

@testable import PlatformEngine

@Suite("A sandboxed job and its gate")
struct SandboxHoldTests {
    /// Whether the platform can make a sandbox on this machine. Of a look that finds none where there is one, `serve --sandbox` has its own tests.
    @Sendable private static func isPossible() async throws -> Bool {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = EngineConfiguration.test(folder)
        do {
            _ = try await Sandbox.find(configuration, try StateFolder(configuration.stateFolder))
            return true
        } catch EngineError.sandbox {
            return false
        }
    }

    @Test("waits at it, and goes on when it is opened", .enabled("bubblewrap is not there, or this machine lets it make no sandbox", isPossible))
    func gate() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var configuration = EngineConfiguration.test(folder)
        configuration.isSandboxed = true
        try await withEngine(configuration) { engine, tenant in
            let hold = try await engine.arm(.running, tenant: tenant)
            let code = "echo before; cat \"$WINDTUNNEL_GATE\" > /dev/null; echo behind; ls /tmp | wc -l"
            let job = try await engine.submit(Submission(code: code, language: .shell), tenant: tenant)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .running })
            #expect(!engine.liveProcesses(ofJob: job.id).isEmpty)
            try await engine.release(hold)
            #expect(await engine.waitFor(tenant) { $0.first?.record.status == .succeeded })
            #expect(try await engine.result(ofJob: job.id, tenant: tenant).output.hasPrefix("before\nbehind\n"))
            #expect(engine.liveProcesses(ofJob: job.id).isEmpty)
        }
    }
}
