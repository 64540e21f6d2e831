import Foundation
import NativeClient
import PlatformEngine
import Testing

@Suite("What bad input gets")
struct StrictInputTests {
    static let bodies: [(body: String, named: String)] = [
        (#"{"code": "x", "code": "y"}"#, "\"code\" is there twice"), (#"{"code": "x",}"#, "field"), ("\u{FEFF}{\"code\": \"x\"}", "JSON"),
        (#"{"code": "1", "labels": {"a": "1", "a": "1"}}"#, "\"a\" is there twice"),
        (#"{"code": "1", "labels": {"\u00e9": "1", "e\u0301": "1"}}"#, "the body: the field \"e\u{301}\" is there in two Unicode spellings"),
        (#"{"code": "1", "environment": {"A=\u0338": "x"}}"#, "cannot name a variable"),
        (#"{"code": "1", "resources": {"memory_gb": 01}}"#, "JSON"), (#"{"code": "1"} {}"#, "behind its end"),
        (#"{"code": "x\u0000y"}"#, "code: must not contain NUL"), (#"{"code": "1", "labels": {"a": "\u0000"}}"#, "labels"),
        (#"{"code": "1", "labels": {"\u0000": "a"}}"#, "labels"),
        ("", "empty"), ("{", "JSON"), ("[]", "object"), ("\"x\"", "object"), ("{}", "code"), (#"{"code": null}"#, "code"),
        (#"{"code": 1}"#, "code"), (#"{"code": true}"#, "code"), (#"{"code": "1", "cod": "2"}"#, "cod"),
        (#"{"code": "1", "language": "perl"}"#, "language"), (#"{"code": "1", "language": 3}"#, "language"),
        (#"{"code": "1", "name": ""}"#, "name"), (#"{"code": "1", "name": "a\u0000b"}"#, "name"),
        (#"{"code": "1", "environment": []}"#, "environment"), (#"{"code": "1", "environment": {"A": 1}}"#, "environment.A"),
        (#"{"code": "1", "environment": {"": "x"}}"#, "environment"), (#"{"code": "1", "environment": {"A=B": "x"}}"#, "environment"),
        (#"{"code": "1", "environment": {"A": "\u0000"}}"#, "environment.A"),
        (#"{"code": "1", "dependencies": "numpy"}"#, "dependencies"), (#"{"code": "1", "dependencies": [1]}"#, "dependencies[0]"),
        (#"{"code": "1", "labels": {"a": null}}"#, "labels.a"), (#"{"code": "1", "resources": 4}"#, "resources"),
        (#"{"code": "1", "resources": {"gpus": 4}}"#, "gpus"),
        (#"{"code": "1", "resources": {"instance_type": ""}}"#, "resources.instance_type"),
        (#"{"code": "1", "resources": {"gpu_enabled": 1}}"#, "resources.gpu_enabled"),
        (#"{"code": "1", "resources": {"gpu_count": true, "gpu_enabled": true}}"#, "resources.gpu_count"),
        (#"{"code": "1", "resources": {"gpu_count": -1}}"#, "resources.gpu_count"),
        (#"{"code": "1", "resources": {"gpu_count": 1}}"#, "resources.gpu_count"),
        (#"{"code": "1", "resources": {"gpu_count": 1, "gpu_enabled": false}}"#, "resources.gpu_count"),
        (#"{"code": "1", "resources": {"gpu_count": 65, "gpu_enabled": true}}"#, "resources.gpu_count"),
        (#"{"code": "1", "resources": {"gpu_count": 1.5, "gpu_enabled": true}}"#, "resources.gpu_count"),
        (#"{"code": "1", "resources": {"memory_gb": 0}}"#, "resources.memory_gb"),
        (#"{"code": "1", "resources": {"memory_gb": true}}"#, "resources.memory_gb"),
        (#"{"code": "1", "resources": {"memory_gb": 1e-12}}"#, "resources.memory_gb: is 1e-12; the smallest possible is 0.001"),
        (#"{"code": "1", "resources": {"cpu_count": -2}}"#, "resources.cpu_count"),
        (#"{"code": "1", "resources": {"cpu_count": 0.009}}"#, "resources.cpu_count: is 0.009; the smallest possible is 0.01"),
        (#"{"code": "1", "resources": {"disk_size_gb": -0.5}}"#, "resources.disk_size_gb"),
        (#"{"code": "1", "resources": {"max_runtime_hours": 0}}"#, "resources.max_runtime_hours"),
        (#"{"code": "1", "resources": {"auto_shutdown": "no"}}"#, "resources.auto_shutdown"),
        (#"{"code": "1", "resources": {"custom_params": []}}"#, "resources.custom_params"),
    ]

    @Test("each bad body is refused by one line that names the field, and no job is made")
    func badBodies() async throws {
        try await TestPlatform.run { platform in
            for (body, named) in Self.bodies {
                let answer = try await platform.post("/v1/jobs", body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.string("error.code") == "invalid", "\(body)")
                let message = answer.string("error.message") ?? ""
                #expect(message.contains(named) && !message.contains("\n"), "\(body): \(message)")
            }
            #expect(try await platform.get("/v1/jobs").ids == [])
        }
    }

    @Test(
        "what is unusual and right is taken",
        arguments: [
            #"{"code": ""}"#, #"{"code": "1", "resources": {}}"#, #"{"code": "1", "resources": null, "name": null}"#,
            #"{"code": "1", "resources": {"gpu_enabled": true, "gpu_count": 9}}"#,
            #"{"code": "1", "resources": {"gpu_enabled": true, "gpu_count": 0}}"#,
            #"{"code": "1", "resources": {"memory_gb": 0.5, "cpu_count": 1}}"#,
            #"{"code": "1", "resources": {"memory_gb": 0.001, "cpu_count": 0.01}}"#,
        ])
    func unusual(body: String) async throws {
        try await TestPlatform.run { platform in
            let answer = try await platform.post("/v1/jobs", body)
            #expect(answer.status == 201)
        }
    }

    @Test("a body of 100 MB is refused, and what runs goes on", .timeLimit(.minutes(5)))
    func tooLarge() async throws {
        try await TestPlatform.run { platform in
            let before = residentBytes()
            let huge = [UInt8](repeating: UInt8(ascii: "a"), count: 100_000_000)
            let held = residentBytes()
            let answer = JSON(try await platform.client.request("POST", "/v1/jobs", body: huge))
            #expect(answer.status == 413)
            #expect(answer.string("error.code") == "too_large")
            // The client's own copies are in this process too: twice the body at most is theirs. The rest is for the tests beside this
            // one, and less than one more copy.
            #expect(residentBytes() - before < 2 * (held - before) + 95_000_000)
            #expect(try await platform.get("/v1/whoami").status == 200)
        }
    }

    @Test("a body without a length is refused as soon as it is too large")
    func tooLargeInChunks() async throws {
        try await TestPlatform.run { platform in
            let body = [UInt8](repeating: UInt8(ascii: "a"), count: 17 << 20)
            let answer = JSON(
                try await platform.client.request(
                    "POST", "/v1/jobs", body: body, headers: [("Transfer-Encoding", "chunked")]))
            #expect(answer.status == 413)
        }
    }

    @Test("a bad offset, stream or follow is refused by its name")
    func badLogQueries() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("true")
            for (query, named) in [("offset=-1", "offset"), ("stream=both", "stream"), ("follow=maybe", "follow"), ("tail=1", "tail")] {
                let answer = try await platform.get("/v1/jobs/\(id)/logs?" + query)
                #expect(answer.status == 422, "\(query)")
                #expect(answer.string("error.message")?.contains(named) == true, "\(query)")
            }
        }
    }

    @Test("a page that is too long is refused by a line that says the most")
    func limit() async throws {
        try await TestPlatform.run { platform in
            for limit in ["1001", "0", "x", "99999999999999999999"] {
                let answer = try await platform.get("/v1/jobs?limit=\(limit)")
                #expect(answer.status == 422)
                #expect(answer.string("error.message") == "limit: must be a whole number from 1 to 1000, not \"\(limit)\"")
            }
        }
    }

    @Test("unknown routes are 404, known ones with another method 405 with Allow")
    func unknownRoutes() async throws {
        try await TestPlatform.run { platform in
            for path in ["/", "/v1", "/v1/job", "/v1/jobs/", "/v1/files/x", "/v1/endpoint", "/admin/requests", "/metrics"] {
                let answer = try await platform.get(path)
                #expect(answer.status == 404, "\(path)")
                #expect(answer.string("error.code") == "not_found", "\(path)")
            }
            let put = try await platform.call("PUT", "/v1/jobs", "{}")
            #expect(put.status == 405)
            #expect(put.response.header("Allow") == "GET, HEAD, POST")
            #expect(try await platform.call("DELETE", "/healthz").response.header("Allow") == "GET, HEAD")
        }
    }
}

private func residentBytes() -> Int {
    let pages = (try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8))?.split(separator: " ").dropFirst().first
    return (pages.flatMap { Int($0) } ?? 0) * 4096
}
