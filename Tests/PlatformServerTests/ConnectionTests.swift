import Foundation
import NativeClient
import PlatformEngine
import Testing

@testable import PlatformServer

@Suite("What clients do to a connection")
struct ConnectionTests {
    private static let halfBody = "Content-Length: 100\r\nHost: x\r\n\r\n{\"c"

    private func head(_ platform: TestPlatform) -> String { "POST /v1/jobs HTTP/1.1\r\nAuthorization: Bearer \(platform.server.token)\r\n" }

    /// A server of its own beside the platform's, with little patience.
    private func withServer(
        _ platform: TestPlatform, _ patience: Listener.Patience, room: ConnectionRoom? = nil, _ body: (RunningServer) async throws -> Void
    ) async throws {
        let server = try await PlatformServer.start(engine: platform.engine, patience: patience, room: room)
        try await body(server)
        await server.stop()
    }

    @Test("a stop does not wait for a client that never sends the rest of its body", .timeLimit(.minutes(5)))
    func halfABody() async throws {
        try await TestPlatform.run { platform in
            let patience = Listener.Patience(idle: .seconds(600), drain: .milliseconds(20))
            var connection: RawConnection?
            try await withServer(platform, patience) { server in
                let raw = try RawConnection(port: server.port)
                // Told to go on, it is being answered for sure.
                raw.send(head(platform) + "Expect: 100-continue\r\n" + Self.halfBody)
                #expect(await raw.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 "))
                connection = raw
            }
            // The server is gone, and has not taken the half for a whole.
            let rest = await connection?.receive()
            #expect(rest?.contains("201") == false)
            #expect(try await platform.engine.jobCount() == 0)
        }
    }

    @Test("a stop lets a download come to its end", .timeLimit(.minutes(5)))
    func download() async throws {
        try await TestPlatform.run { platform in
            // More than the system's buffers take in.
            let size = 40_000_000
            let id = try await platform.submit("head -c \(size) /dev/zero > \"$WINDTUNNEL_ARTIFACTS_DIR/big\"")
            _ = try await platform.ended(id)
            let server = try await PlatformServer.start(engine: platform.engine, patience: Listener.Patience(drain: .seconds(600)))
            let raw = try RawConnection(port: server.port)
            let other = try RawConnection(port: server.port)
            #expect(await other.ask("GET /healthz", platform.token).hasPrefix("HTTP/1.1 200 "))
            raw.send("GET /v1/jobs/\(id)/artifacts/big HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(platform.token)\r\n\r\n")
            #expect(await raw.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200 "))
            async let stopped: Void = server.stop()
            // Once it refuses what is new, or is gone, the stop is under way.
            while await other.ask("GET /healthz", platform.token).hasPrefix("HTTP/1.1 200 ") {}
            #expect(await raw.countToEnd() == size)
            await stopped
        }
    }

    @Test("with all connections taken, those that are there go on, a new one waits, and the administration answers", .timeLimit(.minutes(5)))
    func crowd() async throws {
        try await TestPlatform.run { platform in
            try await withServer(platform, Listener.Patience(), room: ConnectionRoom(api: 2, admin: 2)) { server in
                var first: RawConnection? = try RawConnection(port: server.port)
                #expect(await first?.ask("GET /v1/whoami", platform.token).hasPrefix("HTTP/1.1 200 ") == true)
                let second = try RawConnection(port: server.port)
                #expect(await second.ask("GET /v1/whoami", platform.token).hasPrefix("HTTP/1.1 200 "))
                let third = try RawConnection(port: server.port)
                async let waited = third.ask("GET /v1/usage", platform.token)
                for _ in 1...3 { #expect(await second.ask("GET /v1/whoami", platform.token).hasPrefix("HTTP/1.1 200 ")) }
                let admin = try NativeClient(endpoint: server.adminEndpoint, token: server.adminToken)
                #expect(try await admin.request("GET", "/admin/requests").text.contains("/v1/usage") == false)
                admin.close()
                first = nil
                #expect(await waited.hasPrefix("HTTP/1.1 200 "))
            }
        }
    }

    @Test("connections and their files never take all descriptors", arguments: [0, 1, 14, 38, 200, 1000, 65_500])
    func room(_ free: Int) {
        let room = ConnectionRoom(free: free)
        #expect(room.api >= 2 && room.admin >= 2)
        if free >= 14 { #expect(room.api * 2 + room.admin <= free - free / 4 || room.api * 2 + room.admin <= free - 64) }
    }

    @Test("a client that stops in the middle of its body is let go of", .timeLimit(.minutes(5)))
    func stalledBody() async throws {
        try await TestPlatform.run { platform in
            try await withServer(platform, Listener.Patience(idle: .milliseconds(20), drain: .seconds(600))) { server in
                let raw = try RawConnection(port: server.port)
                raw.send(head(platform) + Self.halfBody)
                #expect(await raw.receive().contains("201") == false)
                #expect(try await platform.engine.jobCount() == 0)
            }
        }
    }

    @Test("a client that asks first is told to go on, and not when its body is too large anyhow", .timeLimit(.minutes(5)))
    func expectContinue() async throws {
        try await TestPlatform.run { platform in
            let small = try RawConnection(port: platform.server.port)
            small.send(head(platform) + "Host: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 12\r\n\r\n")
            #expect(await small.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 100 Continue\r\n"))
            small.send(#"{"code": ""}"#)
            #expect(await small.receive().hasPrefix("HTTP/1.1 201 "))

            let large = try RawConnection(port: platform.server.port)
            large.send(head(platform) + "Host: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 99999999\r\n\r\n")
            #expect(await large.receive(until: "}}").hasPrefix("HTTP/1.1 413 "))
        }
    }

    @Test("a head that is too large, or no HTTP, gets the API's own error", .timeLimit(.minutes(5)))
    func malformed() async throws {
        try await TestPlatform.run { platform in
            let huge = String(repeating: "a", count: 100_000)
            for request in ["GET /\(huge) HTTP/1.1\r\nHost: x\r\n\r\n", "GET / HTTP/1.1\r\nX: \(huge)\r\n\r\n", "no http\r\n\r\n"] {
                let raw = try RawConnection(port: platform.server.port)
                raw.send(request)
                let answer = await raw.receive()
                #expect(answer.hasPrefix("HTTP/1.1 400 "), "\(request.prefix(20)): \(answer)")
                #expect(answer.contains(#"{"error":{"code":"invalid","message":"the request is not valid HTTP/1.1"#), "\(answer)")
            }
        }
    }

    @Test("HEAD is answered as GET, without the body", .timeLimit(.minutes(5)))
    func head() async throws {
        try await TestPlatform.run { platform in
            let whole = try await platform.get("/healthz")
            let raw = try RawConnection(port: platform.server.port)
            raw.send("HEAD /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            let answer = await raw.receive()
            #expect(answer.hasPrefix("HTTP/1.1 200 ") && answer.hasSuffix("\r\n\r\n"))
            #expect(answer.lowercased().contains("content-length: \(whole.response.body.count)\r\n"))
            #expect(try await platform.call("HEAD", "/v1/jobs/x/cancel").status == 405)
        }
    }
}
