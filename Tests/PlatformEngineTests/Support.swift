import Foundation
import PlatformEngine
import Simulation
import TestedProgram

/// A folder that is there as long as someone holds this.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.path + "/windtunnel-test-\(UUID().uuidString.prefix(8))"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

extension EngineConfiguration {
    static func test(_ folder: TemporaryFolder, slots: Int = 2) -> EngineConfiguration {
        EngineConfiguration(
            stateFolder: folder.path + "/state", executable: TestedProgram.path,
            settings: Settings(slots: slots, cancelGraceSeconds: 0.2), environment: ProcessInfo.processInfo.environment)
    }
}

/// Starts an engine with a watched tenant on a folder of its own, runs `body`, stops it. Nothing of it is left.
func withEngine(slots: Int = 2, _ body: (Engine, Tenant) async throws -> Void) async throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try await withEngine(.test(folder, slots: slots), body)
}

/// The same on a folder that the caller holds.
func withEngine(
    _ configuration: EngineConfiguration, _ body: (Engine, Tenant) async throws -> Void
) async throws {
    let engine = try await Engine.start(configuration)
    let tenant = Tenant(name: "alice")
    _ = try await engine.addTenant(tenant)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(engine, tenant))
    } catch {
        result = .failure(error)
    }
    try await engine.stop()
    try result.get()
}

extension Engine {
    func waitFor(_ tenant: Tenant, _ condition: @escaping @Sendable ([WatchedJob]) -> Bool) async -> Bool {
        await wait(tenant: tenant, timeoutSeconds: 60, until: condition)
    }
}
