import Foundation
import NativeClient
import ProcessSpawn
import Testing

@testable import PlatformEngine

@Suite("Endpoints", .timeLimit(.minutes(5)))
struct EndpointTests {
    @Test("a model answers on its URL, is listed, and is gone after its deletion")
    func life() async throws {
        try await TestPlatform.run { platform in
            let model = """
                import json, os
                scale = json.load(open("scale.json"))
                def predict(payload):
                    if payload == "fail":
                        raise KeyError("no such key é")
                    if payload == "set":
                        return {1}
                    return {"twice": [scale * x for x in payload]}
                """
            _ = try await platform.call("PUT", "/v1/files/models/double/scale.json", "2")
            let made = try await platform.deploy("double-1", model, at: "models/double")
            #expect(made.status == 201 && made.string("status") == "ready" && made.string("model_path") == "models/double")
            let url = try #require(made.string("url"))

            let client = try NativeClient(endpoint: url)
            let answer = JSON(try await client.request("POST", "/", json: "[1, 2.5]"))
            #expect(answer.status == 200 && answer.text == #"{"twice": [2, 5.0]}"#)
            let chunked = try await client.request("POST", "/", json: "[3]", headers: [("Transfer-Encoding", "chunked")])
            #expect(chunked.text == #"{"twice": [6]}"#)
            for (method, body, status, message) in [
                ("POST", "{\"torn", 400, "not valid JSON"), ("POST", "", 400, "not valid JSON"),
                ("POST", "[NaN]", 400, "NaN is no JSON"), ("POST", "-Infinity", 400, "not valid JSON"),
                ("POST", String(repeating: "[", count: 100_000), 400, "nested too deeply"), ("GET", nil, 405, "POST a JSON body"),
                ("PUT", "1", 405, "POST a JSON body"), ("POST", "\"fail\"", 500, "KeyError: 'no such key é'"),
                ("POST", "\"set\"", 500, "TypeError: predict returned a set"),
            ] as [(String, String?, Int, String)] {
                let refused = JSON(try await client.request(method, "/", body: body.map { Array($0.utf8) }))
                #expect(refused.status == status && refused.string("error.message")?.contains(message) == true, "\(method) \(body ?? "")")
            }
            #expect(try await client.request("POST", "/", json: "[4]").text == #"{"twice": [8]}"#)

            #expect(try await platform.get("/v1/endpoints/double-1").text == made.text)
            #expect(try await platform.get("/v1/endpoints").text == "{\"endpoints\":[\(made.text)]}")
            let again = try await platform.deploy("double-1", model, at: "models/double")
            #expect(again.status == 409)
            #expect(platform.filesOnDisk == ["models/double/model.py", "models/double/scale.json"])

            #expect(try await platform.call("DELETE", "/v1/endpoints/double-1").text == #"{"deleted":true}"#)
            await #expect(throws: NativeClientError.self) { _ = try await NativeClient(endpoint: url).request("POST", "/", json: "[1]") }
            for method in ["GET", "DELETE"] { #expect(try await platform.call(method, "/v1/endpoints/double-1").status == 404) }
            #expect(platform.endpointRemains == [])
            #expect(try await platform.deploy("double-1", model, at: "models/double").status == 201)
        }
    }

    @Test("a client that reads nothing before it has sent everything gets the refusal of a model's server", arguments: [
        ("POST /", "Content-Length: \(70 << 20)", 413), ("POST /other", "Content-Length: \(70 << 20)", 404),
        ("PUT /", "Content-Length: \(70 << 20)", 405), ("POST /", "Transfer-Encoding: chunked", 400),
    ])
    func unreadBody(_ line: String, _ framing: String, _ status: Int) async throws {
        try await TestPlatform.run { platform in
            let made = try await platform.deploy("m", "def predict(payload): return 1", at: "m")
            let port = try #require(made.string("url").flatMap { URL(string: $0)?.port })
            let raw = try RawConnection(port: port)
            raw.send("\(line) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\(framing)\r\n\r\n")
            #expect(await raw.sendZeros(70 << 20) == 70 << 20)
            let answer = await raw.receive(until: "}}")
            #expect(answer.hasPrefix("HTTP/1.1 \(status) ") && answer.hasSuffix("}}"), "\(answer)")
        }
    }

    @Test("an endpoint whose folder cannot be made is the platform's trouble, and not the model's")
    func noFolder() async throws {
        try await TestPlatform.run { platform in
            // Not even root makes a folder below a file.
            let place = platform.engine.stateFolder + "/endpoints"
            try? FileManager.default.removeItem(atPath: place)
            try touch(place)
            let answer = try await platform.deploy("m", "def predict(payload): return 1", at: "m")
            #expect(answer.status == 503 && answer.string("error.code") == "unavailable", "\(answer.text)")
        }
    }

    @Test("a file, and a folder of this machine, can be served as well")
    func otherPaths() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.call("PUT", "/v1/files/one.py", "def predict(payload): return __name__")
            let folder = TemporaryFolder()
            try Data("import helper\npredict = helper.answer".utf8).write(to: URL(fileURLWithPath: folder.path + "/model.py"))
            try Data("def answer(payload): return 'helped'".utf8).write(to: URL(fileURLWithPath: folder.path + "/helper.py"))
            for (name, path, word) in [("one", "one.py", "\"model\""), ("two", folder.path, "\"helped\"")] {
                let made = try await platform.createEndpoint(name, path)
                #expect(made.status == 201)
                let client = try NativeClient(endpoint: try #require(made.string("url")))
                #expect(try await client.request("POST", "/", json: "1").text == word)
            }
        }
    }

    @Test("a model sees a job's few variables, nothing of the server's")
    func environment() async throws {
        try await TestPlatform.run { platform in
            let made = try await platform.deploy("e", "import os\ndef predict(payload): return sorted(os.environ)", at: "m")
            let client = try NativeClient(endpoint: try #require(made.string("url")))
            let names = try #require(JSON(try await client.request("POST", "/", json: "1")).value as? [String])
            let allowed: Set = ["PATH", "LANG", "TZ", "HOME", "TMPDIR", "PYTHONDONTWRITEBYTECODE", "WINDTUNNEL_SERVED_ENDPOINT", "LC_CTYPE"]
            #expect(Set(names).subtracting(allowed) == [])
        }
    }

    @Test("a model that cannot be served is refused with the reason, and leaves nothing", arguments: [
        (nil, "m", "there is no \"m\" among your files; store it with PUT /v1/files/m/model.py"),
        (nil, "/nowhere/at/all", "there is no \"/nowhere/at/all\" on this machine"), (nil, "", "model_path: must name"),
        (nil, "../default", "has the part \"..\""), ("def predict(x", "m", "SyntaxError"),
        ("1 / 0", "m", "line 1, in <module>"), ("1 / 0", "m", "ZeroDivisionError: division by zero"),
        ("import no_such_module_here", "m", "No module named 'no_such_module_here'"), ("pass", "m", "defines no function predict(payload)"),
        ("predict = 1", "m", "defines no function predict(payload)"), ("raise SystemExit(3)", "m", "SystemExit: 3"),
        ("import os\nprint('last words')\nos._exit(3)", "m", "its process ended while it was loaded:\nlast words"),
        ("import os, subprocess\nsubprocess.Popen(['sleep', '600'])\n1 / 0", "m", "ZeroDivisionError"),
        ("x", "m/model.py/y", "there is no \"m/model.py/y\""),
    ] as [(String?, String, String)])
    func refused(_ model: String?, _ path: String, _ reason: String) async throws {
        try await TestPlatform.run { platform in
            if let model { _ = try await platform.call("PUT", "/v1/files/m/model.py", model) }
            let answer = try await platform.createEndpoint("bad", path)
            #expect(answer.status == 422 && answer.string("error.code") == "invalid")
            #expect(try #require(answer.string("error.message")).contains(reason), "\(answer.text)")
            #expect(try await platform.get("/v1/endpoints").text == #"{"endpoints":[]}"#)
            #expect(try await platform.get("/v1/endpoints/bad").status == 404)
            #expect(platform.endpointRemains == [] && platform.endpointProcesses == [])
        }
    }

    @Test("a folder without model.py, a bad name, an unknown field: each is one clear line")
    func badRequests() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.call("PUT", "/v1/files/m/other.py", "x")
            for (body, message) in [
                (#"{"name": "a", "model_path": "m"}"#, "the folder \"m\" holds no model.py"),
                (#"{"name": "a b", "model_path": "m"}"#, "name: must have 1 to 63 characters"),
                (#"{"name": "", "model_path": "m"}"#, "name: must have"), (#"{"name": "é", "model_path": "m"}"#, "name: must have"),
                (#"{"name": "\#(String(repeating: "x", count: 64))", "model_path": "m"}"#, "name: must have"),
                (#"{"model_path": "m"}"#, "name: is missing"), (#"{"name": "a"}"#, "model_path: is missing"),
                (#"{"name": "a", "model_path": "m", "instances": 2}"#, "unknown field \"instances\""),
                (#"{"name": "a", "model_path": "m", "resources": {"memory_gb": -1}}"#, "resources.memory_gb: must be"),
            ] {
                let answer = try await platform.post("/v1/endpoints", body)
                #expect(answer.status == 422 && answer.string("error.message")?.contains(message) == true, "\(body)")
            }
        }
    }

    @Test("a model that is not loaded in time is refused, and its process is gone")
    func slowToLoad() async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var configuration = TestPlatform.configuration(folder)
        configuration.endpointLoadSeconds = 0.5
        try await TestPlatform.run(configuration) { platform in
            let answer = try await platform.deploy("slow", "import time\ntime.sleep(600)", at: "m")
            #expect(answer.status == 422 && answer.string("error.message")?.contains("was not loaded within 0.5 s") == true)
            #expect(platform.endpointRemains == [] && platform.endpointProcesses == [])
        }
    }

    @Test("deletion ends the whole tree, also what ignores TERM or left the session")
    func tree() async throws {
        try await TestPlatform.run { platform in
            let made = try await platform.deploy(
                "stubborn",
                """
                import os, signal, subprocess
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                subprocess.Popen(["sleep", "600"], start_new_session=True)
                def predict(payload): return payload
                """, at: "m")
            #expect(made.status == 201 && platform.endpointProcesses.count == 2)
            #expect(try await platform.call("DELETE", "/v1/endpoints/stubborn").status == 200)
            #expect(platform.endpointProcesses == [])
        }
    }

    @Test("an endpoint whose process died has failed, says why, and can be deleted")
    func died() async throws {
        try await TestPlatform.run { platform in
            let made = try await platform.deploy("d", "import os\ndef predict(payload):\n  print('going')\n  os._exit(7)", at: "m")
            let client = try NativeClient(endpoint: try #require(made.string("url")))
            await #expect(throws: NativeClientError.self) { try await client.request("POST", "/", json: "1") }
            while try await platform.get("/v1/endpoints/d").string("status") != "failed" { await Task.yield() }
            let failed = try await platform.get("/v1/endpoints/d")
            #expect(failed.string("error") == "its process ended with exit code 7:\ngoing")
            #expect(try await platform.call("DELETE", "/v1/endpoints/d").status == 200)
            #expect(platform.endpointRemains == [])
        }
    }

    @Test("endpoints of a platform that was stopped, or that vanished, are served again where they were", arguments: [true, false])
    func restart(_ crashes: Bool) async throws {
        let folder = TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        let configuration = TestPlatform.configuration(folder)
        let tenant = Tenant(name: "alice")
        let first = try await Engine.start(configuration)
        let upload = try first.files.upload(FilePath("m/model.py"), tenant: tenant)
        try Array("import os\ndef predict(payload): return os.getpid()".utf8).withUnsafeBytes { try upload.write($0) }
        _ = try await upload.finish()
        let made = try await first.endpoints.create(EndpointRequest(name: "m", modelPath: "m"), tenant: tenant)
        let pid = try await NativeClient(endpoint: made.url).request("POST", "/", json: "1").text
        if crashes { await first.abandon() } else { try await first.stop() }
        await #expect(throws: NativeClientError.self) { _ = try await NativeClient(endpoint: made.url).request("POST", "/", json: "1") }

        let second = try await Engine.start(configuration)
        while try await second.endpoints.endpoint("m", tenant: tenant).status == .starting { await Task.yield() }
        let found = try await second.endpoints.endpoint("m", tenant: tenant)
        #expect(found == made)
        #expect(try await NativeClient(endpoint: found.url).request("POST", "/", json: "1").text != pid)
        try await second.stop()
        await #expect(throws: NativeClientError.self) { _ = try await NativeClient(endpoint: made.url).request("POST", "/", json: "1") }
    }

    @Test("an endpoint is its tenant's alone")
    func tenants() async throws {
        try await TestPlatform.run { platform in
            let made = try await platform.deploy("mine", "def predict(payload): return 1", at: "m")
            #expect(made.status == 201)
            let bob = try await platform.engine.addTenant(Tenant(name: "bob"))
            let client = try NativeClient(endpoint: platform.server.endpoint, token: bob.text)
            #expect(try await client.request("GET", "/v1/endpoints").text == #"{"endpoints":[]}"#)
            #expect(try await client.request("DELETE", "/v1/endpoints/mine").status == 404)
            let stolen = try await client.request("POST", "/v1/endpoints", json: #"{"name": "mine", "model_path": "m"}"#)
            #expect(stolen.status == 422)
            #expect(try await platform.get("/v1/endpoints/mine").string("status") == "ready")
        }
    }
}

extension TestPlatform {
    func createEndpoint(_ name: String, _ path: String) async throws -> JSON {
        let body = try JSONSerialization.data(withJSONObject: ["name": name, "model_path": path])
        return try await post("/v1/endpoints", String(decoding: body, as: UTF8.self))
    }

    /// Stores a model and serves it.
    func deploy(_ name: String, _ model: String, at path: String) async throws -> JSON {
        _ = try await call("PUT", "/v1/files/\(path)/model.py", model)
        return try await createEndpoint(name, path)
    }

    /// What lies in the folder of the endpoints, the table aside.
    var endpointRemains: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: engine.stateFolder + "/endpoints")) ?? []).filter { $0 != "table.json" }
    }

    /// The living processes of this platform's endpoints.
    var endpointProcesses: [Int32] {
        allProcesses().filter { process in
            let mark = value(of: "WINDTUNNEL_SERVED_ENDPOINT", inEnvironment: processEnvironment(process.pid))
            return !process.hasEnded && mark?.hasPrefix(engine.stateFolder + "/") == true
        }.map(\.pid)
    }
}
