import Foundation
import PlatformEngine
import Testing

@testable import PlatformServer

@Suite("A body that is refused before it came whole", .timeLimit(.minutes(5)))
struct UnreadBodyTests {
    struct Refused: Sendable, CustomTestStringConvertible {
        var line: String
        var megabytes: Int
        var status: Int
        var isKnown = true

        var testDescription: String { "\(line): \(status)" }
    }

    static let refused: [Refused] = [
        Refused(line: "PUT /v1/files/new", megabytes: 12, status: 401, isKnown: false),
        Refused(line: "PUT /v1/files/file/below", megabytes: 12, status: 409),
        Refused(line: "PUT /v1/files/a/../b", megabytes: 12, status: 422),
        Refused(line: "POST /v1/jobs", megabytes: 18, status: 413),
        Refused(line: "POST /v1/nothing", megabytes: 12, status: 404),
        Refused(line: "DELETE /v1/jobs", megabytes: 12, status: 405),
    ]

    /// Lines of a head with which a client tells what is to become of the connection.
    static let wishes = ["1.1\r\nConnection: close", "1.1\r\nConnection: Keep-Alive, Close", "1.1\r\nX: x", "1.0\r\nX: x"]

    @Test("a client that reads nothing before it has sent everything gets the refusal", arguments: refused, wishes)
    func blockingClient(_ refused: Refused, _ wish: String) async throws {
        try await TestPlatform.run { platform in
            #expect(try await platform.call("PUT", "/v1/files/file", "x").status == 201)
            let raw = try RawConnection(port: platform.server.port)
            let length = refused.megabytes << 20
            raw.send(head(refused.line, refused.isKnown ? platform.token : "wrong", wish, "Content-Length: \(length)"))
            #expect(await raw.sendZeros(length) == length)
            let answer = await raw.receive(until: "}}")
            #expect(answer.hasPrefix("HTTP/1.1 \(refused.status) "), "\(answer)")
        }
    }

    @Test("a kept connection takes the next request, a body in chunks aside too", arguments: [true, false])
    func kept(_ isChunked: Bool) async throws {
        try await TestPlatform.run { platform in
            let raw = try RawConnection(port: platform.server.port)
            let length = 12 << 20
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Content-Length: \(length)"
            raw.send(head("PUT /v1/files/new", "wrong", "1.1", framing))
            if isChunked { raw.send(String(length, radix: 16) + "\r\n") }
            #expect(await raw.sendZeros(length) == length)
            if isChunked { raw.send("\r\n0\r\n\r\n") }
            #expect(await raw.receive(until: "}}").hasPrefix("HTTP/1.1 401 "))
            #expect(await raw.ask("GET /healthz", platform.token).hasPrefix("HTTP/1.1 200 "))
        }
    }

    @Test("an answer whose request said close is followed by the end of the connection, and nothing is left of it")
    func ended() async throws {
        try await TestPlatform.run { platform in
            let raw = try RawConnection(port: platform.server.port)
            let length = 12 << 20
            raw.send(head("PUT /v1/files/new", "wrong", "1.1\r\nConnection: close", "Content-Length: \(length)"))
            #expect(await raw.sendZeros(length) == length)
            #expect(await raw.receive().hasSuffix("}}"))
            #expect(try await platform.get("/v1/files").text.contains(#""files":[]"#))
        }
    }

    @Test("a body without end is cut off after so many bytes", arguments: wishes)
    func endless(_ wish: String) async throws {
        try await withPatience(Listener.Patience(idle: .seconds(600), unreadBytes: 1 << 20, unread: .seconds(600))) { platform, server in
            let raw = try RawConnection(port: server.port)
            raw.send(head("PUT /v1/files/new", "wrong", wish, "Content-Length: \(Int64.max)"))
            #expect(await raw.sendZeros(.max) < .max)
        }
    }

    @Test("a body that comes too slowly is cut off after some time, behind the answer", arguments: wishes)
    func slow(_ wish: String) async throws {
        try await withPatience(Listener.Patience(idle: .seconds(600), unread: .milliseconds(20))) { platform, server in
            let raw = try RawConnection(port: server.port)
            raw.send(head("PUT /v1/files/new", "wrong", wish, "Content-Length: 1000000") + "begin")
            #expect(await raw.receive().hasPrefix("HTTP/1.1 401 "))
        }
    }

    @Test("a stop waits for no such body", arguments: wishes)
    func stop(_ wish: String) async throws {
        var raw: RawConnection?
        try await withPatience(Listener.Patience(idle: .seconds(600), drain: .seconds(600), unread: .seconds(600))) { platform, server in
            raw = try RawConnection(port: server.port)
            raw?.send(head("PUT /v1/files/new", "wrong", wish, "Content-Length: 1000000") + "begin")
            #expect(await raw?.receive(until: "}}").hasPrefix("HTTP/1.1 401 ") == true)
        }
        #expect(await raw?.receive() == "")
    }

    private func head(_ line: String, _ token: String, _ wish: String, _ framing: String) -> String {
        "\(line) HTTP/\(wish)\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\(framing)\r\n\r\n"
    }

    /// A server of its own beside the platform's.
    private func withPatience(_ patience: Listener.Patience, _ body: (TestPlatform, RunningServer) async throws -> Void) async throws {
        try await TestPlatform.run { platform in
            let server = try await PlatformServer.start(engine: platform.engine, patience: patience)
            try await body(platform, server)
            await server.stop()
        }
    }
}
