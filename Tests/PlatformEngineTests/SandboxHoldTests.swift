import Foundation
import PlatformEngine
import ProcessSpawn
import Simulation
import Testing

@Suite("A sandboxed job and its gate")
struct SandboxHoldTests {
    /// Whether this machine has bubblewrap and lets it work.
    static let isPossible: Bool = {
        let words = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "/bin/sh", "-c", "exit 0"]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let process = try? spawn(SpawnRequest(executable: "/usr/bin/env", arguments: words, environment: [("PATH", path)]))
        guard let process, case .code(0)? = reap(pid: process.pid, blocking: true)?.ending else { return false }
        return true
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
