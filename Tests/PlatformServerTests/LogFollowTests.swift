import Foundation
import NativeClient
import Testing

@testable import PlatformEngine
@testable import PlatformServer

@Suite("Logs, followed", .timeLimit(.minutes(5)))
struct LogFollowTests {
    /// Writes a step of each stream whenever it is told to by a file.
    private static let talker = """
        for i in 1 2 3; do
            while [ ! -e "$HOME/go$i" ]; do sleep 0.01; done
            echo "out $i"; echo "err $i" >&2
        done
        """

    @Test("each step comes while the job runs, and the stream ends with it", arguments: [
        ("combined", 0, "out N\nerr N\n"), ("stdout", 0, "out N\n"), ("stderr", 0, "err N\n"), ("stdout", 2, "out N\n"),
    ])
    func steps(_ stream: String, _ offset: Int, _ step: String) async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit(Self.talker)
            let raw = try platform.follow(id, "&stream=\(stream)&offset=\(offset)")
            let head = await raw.receive(until: "\r\n\r\n")
            #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n") && head.lowercased().contains("transfer-encoding: chunked"))
            await platform.waitUntil(id, is: .running)
            var seen = ""
            for number in 1...2 {
                try touch(platform.engine.stateFolder + "/jobs/\(id)/work/go\(number)")
                // The end of a line of the step, and of the chunk that brings it.
                seen += await raw.receive(until: " \(number)\n\r\n")
            }
            // The last chunk of all has no bytes.
            try touch(platform.engine.stateFolder + "/jobs/\(id)/work/go3")
            seen += await raw.receive(until: "0\r\n\r\n")
            let whole = (1...3).map { step.replacing("N", with: "\($0)") }.joined()
            let text = Self.unchunked(seen)
            // Which of two streams was looked at first within a step, nobody promises.
            #expect(text.split(separator: "\n").sorted() == whole.dropFirst(offset).split(separator: "\n").sorted())
            #expect(text == (try await platform.get("/v1/jobs/\(id)/logs?stream=\(stream)&offset=\(offset)").text))
        }
    }

    @Test("what had been written comes first, also of a job that has ended; an unknown job is 404")
    func ended() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("echo 0123; echo 4567 >&2")
            _ = try await platform.ended(id)
            #expect(try await platform.get("/v1/jobs/\(id)/logs?follow=true").text == "0123\n4567\n")
            #expect(try await platform.get("/v1/jobs/\(id)/logs?follow=true&offset=7").text == "67\n")
            #expect(try await platform.get("/v1/jobs/job-0/logs?follow=true").status == 404)
            #expect(try await platform.get("/v1/jobs/\(id)/logs?follow=perhaps").status == 422)
        }
    }

    @Test("a client that goes away ends it, though the job writes nothing", arguments: [true, false])
    func gone(_ isSilent: Bool) async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit(isSilent ? "exec sleep 600" : "while :; do echo x; sleep 0.01; done")
            await platform.waitUntil(id, is: .running)
            let before = platform.openSockets
            var raw: RawConnection? = try platform.follow(id, "&stream=stdout")
            // The end of the head, or of a chunk that came with it.
            #expect(try #require(await raw?.receive(until: "\r\n")).hasPrefix("HTTP/1.1 200"))
            #expect(platform.openSockets > before)
            raw = nil
            while platform.openSockets > before { try await Task.sleep(for: .milliseconds(5)) }
            _ = try await platform.post("/v1/jobs/\(id)/cancel")
        }
    }

    @Test("a stop of the server ends it")
    func stopped() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("exec sleep 600")
            await platform.waitUntil(id, is: .running)
            let server = try await PlatformServer.start(engine: platform.engine)
            let raw = try RawConnection(port: server.port)
            raw.send(
                "GET /v1/jobs/\(id)/logs?follow=true HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(platform.token)\r\n\r\n")
            #expect(await raw.receive(until: "\r\n\r\n").hasPrefix("HTTP/1.1 200"))
            await server.stop()
            #expect(await raw.receive() == "")
            _ = try await platform.post("/v1/jobs/\(id)/cancel")
        }
    }

    private static func unchunked(_ text: String) -> String {
        var result: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let end = rest.firstIndex(of: 13) {
            let count = Int(String(decoding: rest[..<end], as: UTF8.self), radix: 16) ?? 0
            rest = rest[(end + 2)...]
            result += rest.prefix(count)
            rest = rest.dropFirst(count + 2)
        }
        return String(decoding: result, as: UTF8.self)
    }
}

extension TestPlatform {
    var token: String { engine.tenants.token(of: tenant)?.text ?? "" }

    func follow(_ id: String, _ query: String) throws -> RawConnection {
        let raw = try RawConnection(port: server.port)
        raw.send("GET /v1/jobs/\(id)/logs?follow=true\(query) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(token)\r\n\r\n")
        return raw
    }

    /// How many connections this process, of which the server is part, has on the server's port.
    var openSockets: Int {
        let port = ":" + String(server.port, radix: 16, uppercase: true).suffix(4) + " "
        let bytes = (try? FileHandle(forReadingAtPath: "/proc/self/net/tcp")?.readToEnd()) ?? nil
        let table = String(decoding: bytes ?? Data(), as: UTF8.self)
        // Established, or closed by the other side only; of the server's end.
        return table.split(separator: "\n").filter { line in
            let fields = line.split(separator: " ")
            return fields.count > 3 && "\(fields[1]) ".hasSuffix(port) && (fields[3] == "01" || fields[3] == "08")
        }.count
    }
}
