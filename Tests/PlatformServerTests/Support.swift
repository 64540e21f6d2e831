import Foundation
import NativeClient
import PlatformEngine
import PlatformServer
import Simulation
import TestedProgram
import Testing

/// A platform with its server on a folder of its own, and a client with a watched tenant's token.
struct TestPlatform {
    let engine: Engine
    let server: RunningServer
    let client: NativeClient
    let tenant: Tenant

    /// Starts one, runs `body`, stops it. Nothing of it is left.
    static func run(
        nodes: Int = 1, slots: Int = 2, capacity: Capacity = Capacity(), in folder: TemporaryFolder = TemporaryFolder(),
        _ body: (TestPlatform) async throws -> Void
    ) async throws {
        defer { withExtendedLifetime(folder) {} }
        var configuration = configuration(folder, slots: slots)
        configuration.settings.nodes = nodes
        configuration.settings.capacity = capacity
        try await run(configuration, body)
    }

    static func run(_ configuration: EngineConfiguration, _ body: (TestPlatform) async throws -> Void) async throws {
        let engine = try await Engine.start(configuration)
        let server = try await PlatformServer.start(engine: engine)
        let tenant = Tenant(name: "alice")
        let token = try await engine.addTenant(tenant)
        let client = try NativeClient(endpoint: server.endpoint, token: token.text)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(TestPlatform(engine: engine, server: server, client: client, tenant: tenant)))
        } catch {
            result = .failure(error)
        }
        client.close()
        await server.stop()
        try await engine.stop()
        try result.get()
    }

    static func configuration(_ folder: TemporaryFolder, slots: Int = 2) -> EngineConfiguration {
        EngineConfiguration(
            stateFolder: folder.path + "/state", executable: TestedProgram.path,
            settings: Settings(slots: slots, cancelGraceSeconds: 0.2), environment: ProcessInfo.processInfo.environment)
    }

    func get(_ path: String) async throws -> JSON { try await call("GET", path) }

    func post(_ path: String, _ body: String? = nil, headers: [(name: String, value: String)] = []) async throws -> JSON {
        try await call("POST", path, body, headers: headers)
    }

    func call(
        _ method: String, _ path: String, _ body: String? = nil, headers: [(name: String, value: String)] = []
    ) async throws -> JSON {
        JSON(try await client.request(method, path, body: body.map { Array($0.utf8) }, headers: headers))
    }

    /// Submits, and gives the job's id.
    func submit(_ code: String, language: String = "shell", extra: [String: Any] = [:]) async throws -> String {
        let body = try JSONSerialization.data(withJSONObject: ["code": code, "language": language].merging(extra) { $1 })
        let answer = try await post("/v1/jobs", String(decoding: body, as: UTF8.self))
        #expect(answer.status == 201)
        return try #require(answer["id"] as? String)
    }

    /// Waits until the tenant's jobs are as `condition` wants them.
    func wait(_ condition: @escaping @Sendable ([WatchedJob]) -> Bool) async {
        let came = await engine.wait(tenant: tenant, timeoutSeconds: 240, until: condition)
        #expect(came)
    }

    func waitUntil(_ id: String, is status: JobStatus) async {
        await wait { jobs in jobs.contains { $0.record.id == id && $0.record.status == status } }
    }

    /// Waits for the job's end and gives it.
    func ended(_ id: String) async throws -> JSON {
        await wait { jobs in jobs.contains { $0.record.id == id && $0.record.status.isTerminal } }
        return try await get("/v1/jobs/\(id)")
    }

    /// Runs a job to its end and gives its result.
    func result(_ code: String, language: String = "shell", extra: [String: Any] = [:]) async throws -> JSON {
        let id = try await submit(code, language: language, extra: extra)
        _ = try await ended(id)
        return try await get("/v1/jobs/\(id)/result")
    }
}

/// An answer, with its body as loosely typed JSON.
struct JSON {
    let response: Response
    let value: Any?

    init(_ response: Response) {
        self.response = response
        value = try? JSONSerialization.jsonObject(with: Data(response.body), options: [.fragmentsAllowed])
    }

    var status: Int { response.status }
    var text: String { response.text }

    subscript(_ path: String) -> Any? {
        path.split(separator: ".").reduce(value) { value, key in
            let inner = (value as? [String: Any])?[String(key)]
            return inner is NSNull ? nil : inner
        }
    }

    func string(_ path: String) -> String? { self[path] as? String }
    func int(_ path: String) -> Int? { (self[path] as? NSNumber)?.intValue }
    /// The ids of a list of jobs.
    var ids: [String] { (self["jobs"] as? [[String: Any]] ?? []).compactMap { $0["id"] as? String } }
}

/// Makes an empty file.
func touch(_ path: String) throws { try Data().write(to: URL(fileURLWithPath: path)) }

/// A folder that is there as long as someone holds this.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.path + "/windtunnel-test-\(UUID().uuidString.prefix(8))"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}
