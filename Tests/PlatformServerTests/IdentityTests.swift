import Foundation
import NativeClient
import PlatformEngine
import PlatformServer
import Testing

@Suite("Who may see what")
struct IdentityTests {
    @Test("without a token, or with a wrong one, everything but healthz and the description is 401")
    func tokens() async throws {
        try await TestPlatform.run { platform in
            for token in [nil, "", "wrong", platform.server.token + "x", String(platform.server.token.dropLast())] {
                let client = try NativeClient(endpoint: platform.server.endpoint, token: token)
                let answer = JSON(try await client.request("GET", "/v1/whoami"))
                #expect(answer.status == 401)
                #expect(answer.string("error.code") == "unauthenticated")
                #expect(answer.response.header("WWW-Authenticate") == "Bearer")
                #expect(try await client.request("POST", "/v1/jobs", json: #"{"code": "1"}"#).status == 401)
                #expect(try await client.request("GET", "/healthz").status == 200)
                #expect(try await client.request("GET", "/openapi.json").status == 200)
                client.close()
            }
            #expect(try await platform.get("/v1/whoami").string("user") == "alice")
            #expect(try await platform.get("/v1/jobs").ids == [])
        }
    }

    @Test("tenants cannot see, list or touch each other's jobs, nor use each other's keys")
    func isolation() async throws {
        try await TestPlatform.run { platform in
            let other = try NativeClient(endpoint: platform.server.endpoint, token: platform.server.token)
            defer { other.close() }
            let id = try await platform.submit("sleep 60")
            await platform.waitUntil(id, is: .running)
            for (method, path) in [("GET", ""), ("GET", "/logs"), ("GET", "/result"), ("GET", "/events"), ("POST", "/cancel")] {
                let answer = JSON(try await other.request(method, "/v1/jobs/\(id)\(path)"))
                #expect(answer.status == 404, "\(path)")
                let unknown = JSON(try await other.request(method, "/v1/jobs/job-0000000000000000\(path)"))
                #expect(unknown.text == answer.text.replacing(id, with: "job-0000000000000000"))
            }
            #expect(JSON(try await other.request("GET", "/v1/jobs")).ids == [])
            #expect(try await platform.get("/v1/jobs/\(id)").string("status") == "running")

            let key: [(name: String, value: String)] = [("Idempotency-Key", "k")]
            let mine = try await platform.post("/v1/jobs", #"{"code": "1"}"#, headers: key)
            let theirs = JSON(try await other.request("POST", "/v1/jobs", json: #"{"code": "2"}"#, headers: key))
            #expect(mine.status == 201 && theirs.status == 201)
            #expect(mine.string("id") != theirs.string("id"))
        }
    }

    @Test("a tenant that is removed is refused")
    func removedTenant() async throws {
        try await TestPlatform.run { platform in
            let before = try await platform.get("/v1/whoami")
            await platform.engine.removeTenant(platform.tenant)
            let after = try await platform.get("/v1/whoami")
            #expect(before.status == 200)
            #expect(after.status == 401)
        }
    }

    @Test("administration has a port and a token of its own")
    func administration() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.ended(try await platform.submit("true"))
            let wrong = try NativeClient(endpoint: platform.server.adminEndpoint, token: platform.server.token)
            #expect(try await wrong.request("GET", "/admin/requests").status == 401)
            #expect(try await wrong.request("GET", "/healthz").status == 200)
            wrong.close()
            let admin = try NativeClient(endpoint: platform.server.adminEndpoint, token: platform.server.adminToken)
            defer { admin.close() }
            #expect(try await admin.request("GET", "/v1/jobs").status == 404)

            let requests = JSON(try await admin.request("GET", "/admin/requests"))["requests"] as? [[String: Any]] ?? []
            #expect(requests.contains { $0["operation"] as? String == "submitJob" && $0["status"] as? Int == 201 })
            let numbers = requests.compactMap { $0["number"] as? Int }
            #expect(!numbers.isEmpty && numbers == numbers.sorted(by: >))

            let nodes = JSON(try await admin.request("GET", "/admin/nodes"))["nodes"] as? [[String: Any]] ?? []
            #expect(nodes.first?["connected"] as? Bool == true)

            let history = JSON(try await admin.request("GET", "/admin/history"))["events"] as? [[String: Any]] ?? []
            #expect(history.first?["event"] as? String == "platform_started")

            let metrics = try await admin.request("GET", "/metrics")
            #expect(metrics.header("Content-Type")?.hasPrefix("text/plain; version=0.0.4") == true)
            #expect(metrics.text.contains("windtunnel_jobs{status=\"succeeded\"} 1\n"))
        }
    }

    @Test("no secret is in the record of requests")
    func recordHasNoSecrets() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.submit("echo hidden-code", extra: ["environment": ["KEY": "hidden-value"]])
            let all = "\(platform.engine.requests.latest())"
            #expect(!all.contains("hidden") && !all.contains(platform.server.token))
        }
    }
}
