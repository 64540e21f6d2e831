import Foundation
import PlatformEngine
import Simulation
import Testing

@Suite("A sandboxed job and its gate")
struct SandboxHoldTests {
    /// Whether this machine has bubblewrap and lets it work.
    static let isPossible: Bool = {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "/bin/sh", "-c", "exit 0"]
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }()

    @Test("waits at it, and goes on when it is opened", .enabled(if: isPossible, "bubblewrap is not there, or this machine lets it make no sandbox"))
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
