import Foundation
import PlatformEngine
import PlatformServer
import ProcessSpawn
import Simulation

/// A platform for checks, in a temporary folder that goes away with it. Several checks may share one.
public struct CheckPlatform: Sendable {
    private let engine: Engine
    private let server: RunningServer
    private let folder: String

    /// Room for every job that probes hold at the same time: a probe must never wait for another's.
    private static let slots = 256
    /// Long enough for a Python process to end itself on TERM, short enough to wait for.
    private static let cancelGraceSeconds = 1.0

    /// - Parameters:
    ///   - seed: keys the platform's draws.
    ///   - executable: the `windtunnel` program, which is also the node; this program itself when nil.
    /// - Throws: `EngineError`, `ServerError`, ``UsageError``.
    public static func start(
        seed: UInt64 = 1, executable: String? = nil, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> CheckPlatform {
        let folder = try TemporaryFolder.make()
        do {
            let wheels = folder + "/wheels"
            try ProbePackages.write(to: wheels)
            var configuration = EngineConfiguration(
                stateFolder: folder + "/state", executable: try executable ?? Executable.path(),
                settings: Settings(seed: seed, slots: slots, cancelGraceSeconds: cancelGraceSeconds), durability: .normal,
                environment: environment)
            configuration.dependencies = DependencySource(wheels: wheels)
            OpenFileLimit.raise()
            let engine = try await Engine.start(configuration)
            do {
                let server = try await PlatformServer.start(engine: engine)
                return CheckPlatform(engine: engine, server: server, folder: folder)
            } catch {
                try? await engine.stop()
                throw error
            }
        } catch {
            TemporaryFolder.remove(folder)
            throw error
        }
    }

    /// The platform as one check sees it.
    /// - Parameter namespace: keeps the tenants of this check apart from those of others on the same platform.
    func oracle(_ template: CredentialTemplate, namespace: String) -> EngineOracle {
        EngineOracle(engine: engine, endpoint: server.endpoint, template: template, namespace: namespace)
    }

    public func stop() async {
        await server.stop()
        try? await engine.stop()
        TemporaryFolder.remove(folder)
    }
}
