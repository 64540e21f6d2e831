import Foundation
import NativeClient
import PlatformEngine
import PlatformServer
import Simulation
import Testing

@testable import PlatformServer

@Suite("The server itself")
struct ServerTests {
    @Test("a port in use is one clear line")
    func portInUse() async throws {
        try await TestPlatform.run { platform in
            let port = platform.server.port
            let error = await #expect(throws: ServerError.self) {
                try await PlatformServer.start(engine: platform.engine, port: port)
            }
            #expect(
                error?.description
                    == "port \(port) on 127.0.0.1 is in use; choose another with --port, or 0 for any free one")
        }
    }

    @Test("server.json is there while it serves, for its owner only, and gone after")
    func note() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let path = folder.path + "/state/server.json"
        try await TestPlatform.run(in: folder) { platform in
            let note = try #require(ServerNote(stateFolder: folder.path + "/state"))
            #expect(note == platform.server.note)
            #expect(note.endpoint == platform.server.endpoint)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
            #expect(mode == 0o600)
        }
        #expect(!FileManager.default.fileExists(atPath: path))
    }

    @Test("openapi.json has every route, and no reference in it leads nowhere")
    func openAPI() async throws {
        try await TestPlatform.run { platform in
            let document = try await platform.get("/openapi.json")
            #expect(document.string("openapi") == "3.1.0")
            let paths = try #require(document["paths"] as? [String: [String: Any]])
            var documented: Set<String> = []
            for (path, operations) in paths {
                for method in operations.keys { documented.insert("\(method.uppercased()) \(path)") }
            }
            let routes = NativeAPI(engine: platform.engine).routes
            let served = routes.map { "\($0.method.rawValue) \($0.path.replacing("...}", with: "}"))" }
            #expect(documented == Set(served + ["GET /openapi.json"]))
            #expect(Set(routes.map(\.operation)).count == routes.count)

            let schemas = try #require(document["components.schemas"] as? [String: Any])
            for reference in document.text.matches(of: /#\/components\/schemas\/(\w+)/) {
                #expect(schemas[String(reference.1)] != nil, "\(reference.1)")
            }
        }
    }

    @Test("when nobody listens, the client says so and what to do")
    func nobodyListens() async throws {
        var endpoint = ""
        try await TestPlatform.run { endpoint = $0.server.endpoint }
        let client = try NativeClient(endpoint: endpoint)
        let error = await #expect(throws: NativeClientError.self) { try await client.request("GET", "/healthz") }
        #expect(error == .nobodyListens(endpoint: endpoint))
    }

    @Test("times are written to the millisecond, also before 1970 and on leap days")
    func times() {
        #expect(Timestamp(microseconds: 0).rfc3339 == "1970-01-01T00:00:00.000Z")
        #expect(Timestamp(microseconds: -1).rfc3339 == "1969-12-31T23:59:59.999Z")
        #expect(Timestamp(microseconds: 951_782_400_123_999).rfc3339 == "2000-02-29T00:00:00.123Z")
        #expect(Timestamp(microseconds: 4_107_542_399_999_000).rfc3339 == "2100-02-28T23:59:59.999Z")
    }

    @Test("every string survives the JSON writer")
    func strings() throws {
        for text in ["", "plain", "\"\\/", "\u{0}\u{1}\u{1F}\n\r\t\u{7F}", "é 漢 🦊 \u{2028}", String(repeating: "\"", count: 1000)] {
            var json = JSONWriter()
            json.array { $0.value(text) }
            let read = try JSONSerialization.jsonObject(with: Data(json.buffer.readableBytesView)) as? [String]
            #expect(read == [text])
        }
    }
}
