import Foundation
import NativeClient
import PlatformServer
import Testing

@Suite("Tenants and their quotas")
struct TenantTests {
    /// A client of the administration.
    private func admin(_ platform: TestPlatform) throws -> NativeClient {
        try NativeClient(endpoint: platform.server.adminEndpoint, token: platform.server.adminToken)
    }

    private func put(_ client: NativeClient, _ name: String, _ body: String) async throws -> JSON {
        JSON(try await client.request("PUT", "/admin/tenants/\(name)", body: Array(body.utf8)))
    }

    @Test("an administrator makes a tenant with a token of its own, and what it may use is refused beyond")
    func quota() async throws {
        try await TestPlatform.run { platform in
            let admin = try admin(platform)
            defer { admin.close() }
            let made = try await put(admin, "bob", #"{"quota": {"running_jobs": 1}}"#)
            #expect(made.status == 200)
            #expect(made.string("name") == "bob")
            #expect(made.int("quota.running_jobs") == 1)
            #expect(made["quota.cost"] == nil)
            #expect(made.int("used.running_jobs") == 0)
            let token = try #require(made.string("token"))

            let bob = try NativeClient(endpoint: platform.server.endpoint, token: token)
            defer { bob.close() }
            let body = Array(#"{"code": "exec sleep 600", "language": "shell"}"#.utf8)
            let first = JSON(try await bob.request("POST", "/v1/jobs", body: body))
            #expect(first.status == 201)
            let second = JSON(try await bob.request("POST", "/v1/jobs", body: body))
            #expect(second.status == 429)
            #expect(second.string("error.code") == "quota_exceeded")
            #expect(second.string("error.message")?.hasPrefix("quota running_jobs: 1 of this tenant's jobs") == true)
            #expect(try await platform.submit("true").isEmpty == false, "another tenant's quota is its own")

            let changed = try await put(admin, "bob", #"{"quota": {"running_jobs": 2, "cost": 1.5}}"#)
            #expect(changed.string("token") == token)
            #expect(changed.int("used.running_jobs") == 1)
            #expect(JSON(try await bob.request("POST", "/v1/jobs", body: body)).status == 201)

            let list = JSON(try await admin.request("GET", "/admin/tenants"))
            let names = (list["tenants"] as? [[String: Any]])?.compactMap { $0["name"] as? String }
            #expect(names == ["alice", "bob", "default"])
            #expect(!list.text.contains(token))
        }
    }

    @Test("a tenant's token is the same after a restart, in a file that only its owner reads")
    func restart() async throws {
        let folder = TemporaryFolder()
        var token = ""
        try await TestPlatform.run(in: folder) { platform in
            let admin = try admin(platform)
            defer { admin.close() }
            token = try #require(try await put(admin, "bob", "{}").string("token"))
        }
        let file = try FileManager.default.attributesOfItem(atPath: folder.path + "/state/tenants/bob")
        #expect(file[.posixPermissions] as? Int == 0o600)
        try await TestPlatform.run(in: folder) { platform in
            let bob = try NativeClient(endpoint: platform.server.endpoint, token: token)
            defer { bob.close() }
            #expect(JSON(try await bob.request("GET", "/v1/whoami")).string("user") == "bob")
        }
    }

    @Test("a name or a quota that cannot be is refused, and makes nobody", arguments: [
        (".bob", "{}", "name: must have 1 to 64"), ("a%2Fb", "{}", "name: must have 1 to 64"),
        ("bob", #"{"quota": {"running_jobs": -1}}"#, "quota.running_jobs: must be a whole number"),
        ("bob", #"{"quota": {"cpu_seconds": "2"}}"#, "quota.cpu_seconds: must be a number, 0 or above, not a string"),
        ("bob", #"{"quota": {"jobs": 1}}"#, "unknown field \"jobs\" in quota"), ("bob", #"{"limit": 1}"#, "unknown field \"limit\""),
    ])
    func refused(name: String, body: String, message: String) async throws {
        try await TestPlatform.run { platform in
            let admin = try admin(platform)
            defer { admin.close() }
            let answer = try await put(admin, name, body)
            #expect(answer.status == 422)
            #expect(answer.string("error.message")?.hasPrefix(message) == true, "\(answer.text)")
            #expect(!JSON(try await admin.request("GET", "/admin/tenants")).text.contains("bob"))
        }
    }
}
