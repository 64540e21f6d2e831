import Conformance
import Foundation
import NativeClient
import PlatformEngine

// What the oracle knows of endpoints, dependencies and a long history.
extension EngineOracle {
    var requirements: Requirements { ProbePackages.requirements }

    func endpoints(of tenant: Conformance.Tenant) async throws -> [String] {
        await engine.endpoints.endpoints(of: platformTenant(tenant)).map(\.name)
    }

    /// What a tenant leaves beside its jobs: endpoints, which are processes, and files.
    func removeProducts(of tenant: PlatformEngine.Tenant) async {
        for endpoint in await engine.endpoints.endpoints(of: tenant) { try? await engine.endpoints.delete(endpoint.name, tenant: tenant) }
        for file in engine.files.list(tenant: tenant, limit: Self.filesMax).files {
            guard let path = try? FilePath(file.path) else { continue }
            try? engine.files.delete(path, tenant: tenant)
        }
    }

    /// More than any probe stores.
    private static var filesMax: Int { 1000 }

    func files(of tenant: Conformance.Tenant) async throws -> [String] {
        engine.files.list(tenant: platformTenant(tenant), limit: Self.filesMax).files.map(\.path)
    }

    func post(to url: String, as tenant: Conformance.Tenant) async throws -> PostAnswer? {
        guard let target = LoopbackURL(url) else { return nil }
        do {
            let client = try NativeClient(endpoint: target.endpoint, token: token(of: tenant), timeoutSeconds: 10)
            defer { client.close() }
            let answer = try await client.request("POST", target.path, json: #"{"windtunnel": [1, 2, 3]}"#)
            return PostAnswer(status: answer.status, body: answer.text)
        } catch is NativeClientError {
            return nil
        }
    }

    func storeEndedJobs(_ count: Int, of tenant: Conformance.Tenant) async throws {
        note(stored: try await engine.storeEndedJobs(count, tenant: platformTenant(tenant)))
    }
}

/// A plain HTTP URL of this machine; nil for every other.
struct LoopbackURL {
    /// `http://127.0.0.1:8080`.
    let endpoint: String
    /// With its query.
    let path: String

    init?(_ text: String) {
        guard let components = URLComponents(string: text), components.scheme == "http", let host = components.host,
            ["127.0.0.1", "localhost"].contains(host)
        else { return nil }
        endpoint = "http://\(host):\(components.port ?? 80)"
        let route = components.percentEncodedPath
        path = (route.isEmpty ? "/" : route) + (components.percentEncodedQuery.map { "?\($0)" } ?? "")
    }
}
