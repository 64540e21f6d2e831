import Foundation
import Simulation
import Testing

@testable import PlatformEngine

/// An engine with some nodes, and a watched tenant whose jobs can be held.
struct NodeBench: Sendable {
    let engine: Engine
    let tenant = Tenant(name: "alice")
    let folder: TemporaryFolder

    init(_ configuration: EngineConfiguration, _ folder: TemporaryFolder) async throws {
        self.folder = folder
        engine = try await Engine.start(configuration)
        _ = try await engine.addTenant(tenant)
    }

    @discardableResult
    func submit(_ code: String, _ resources: Resources = Resources(), retries: Int = 0) async throws -> String {
        let held = code.replacing(String.held, with: "echo >> '\(folder.path)/runs'; while [ ! -e '\(folder.path)/go' ]; do sleep 0.02; done")
        return try await engine.submit(
            Submission(code: held, language: .shell, resources: resources, retries: retries), tenant: tenant
        ).id
    }

    /// Lets all held jobs end.
    func release() throws { try Data().write(to: URL(fileURLWithPath: folder.path + "/go")) }

    /// How often a held job began.
    func runs() -> Int { (try? Data(contentsOf: URL(fileURLWithPath: folder.path + "/runs")))?.count ?? 0 }

    func jobs() async -> [JobRecord] { await engine.watchedJobs(of: tenant).map(\.record) }
    func job(_ id: String) async throws -> JobRecord { try await engine.job(id, tenant: tenant) }
    func log(_ id: String) async throws -> [UInt8] { try await engine.log(.combined, ofJob: id, tenant: tenant).all() }
    func stop() async throws { try await engine.stop() }

    /// Asks again and again until it is so, at most a minute.
    func await(_ condition: () async throws -> Bool) async throws {
        let end = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < end {
            if try await condition() { return }
            try await Task.sleep(for: .milliseconds(5))
        }
        Issue.record("it never came to be")
    }
}

extension String {
    /// Code that notes that it runs, and waits for the release.
    static let held = "HELD"
}

extension EngineConfiguration {
    static func nodes(
        _ folder: TemporaryFolder, _ nodes: Int, slots: Int = 2, capacity: Capacity = Capacity(), silence: Double = 30
    ) -> EngineConfiguration {
        var configuration = EngineConfiguration.test(folder, slots: slots)
        configuration.settings.nodes = nodes
        configuration.settings.capacity = capacity
        configuration.nodeSilenceSeconds = silence
        return configuration
    }
}

/// Starts an engine with so many nodes, runs `body`, stops it. Nothing of it is left.
func withNodes(
    _ nodes: Int, slots: Int, capacity: Capacity = Capacity(), _ body: (NodeBench) async throws -> Void
) async throws {
    let folder = TemporaryFolder()
    defer { withExtendedLifetime(folder) {} }
    try await withNodes(.nodes(folder, nodes, slots: slots, capacity: capacity), folder, body)
}

func withNodes(
    _ configuration: EngineConfiguration, _ folder: TemporaryFolder, _ body: (NodeBench) async throws -> Void
) async throws {
    let bench = try await NodeBench(configuration, folder)
    let result: Result<Void, any Error>
    do {
        result = .success(try await body(bench))
    } catch {
        result = .failure(error)
    }
    try await bench.stop()
    try result.get()
}

/// Whether that process is there and has not ended.
func isAlive(_ pid: Int32) -> Bool { kill(pid, 0) == 0 }
