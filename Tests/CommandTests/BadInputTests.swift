import Foundation
import TestedProgram
import Testing

@Suite("Bad input")
struct BadInputTests {
    static let submissions: [(body: String, message: String)] = [
        ("", "the body is empty; it must be a JSON object"),
        ("{", "the body is not valid JSON: a field's name in quotes was expected (at byte 1); it must be a JSON object"),
        ("[]", "the body: must be a JSON object, not a list"),
        ("{}", "code: is missing; it must be a string, the program to run"),
        (#"{"code": 1}"#, "code: must be a string, not 1"),
        (#"{"code": "x", "foo": 1}"#, "unknown field \"foo\"; the fields are code, language, name, resources, environment, dependencies and labels"),
        (#"{"code": "x", "language": "ruby"}"#, "language: must be \"python\" or \"shell\", not \"ruby\""),
        (#"{"code": "x", "name": ""}"#, "name: must have 1 to 255 characters, none of them NUL"),
        (#"{"code": "x", "environment": {"A": 1}}"#, "environment.A: must be a string, not 1"),
        (#"{"code": "x", "environment": {"A=B": ""}}"#, "environment: \"A=B\" cannot name a variable; a name is not empty and has neither \"=\" nor NUL"),
        (#"{"code": "x", "labels": {"a": 1}}"#, "labels.a: must be a string, not 1"),
        (#"{"code": "x", "resources": {"memory_gb": "8"}}"#, "resources.memory_gb: must be a number above 0, not a string"),
        (#"{"code": "x", "resources": {"gpu_count": 1}}"#, "resources.gpu_count: is 1 and gpu_enabled is not true; set gpu_enabled, or gpu_count to 0"),
    ]

    @Test("a bad submission is one answer that names the field")
    func badSubmissions() async throws {
        try await Server.with(try Folder()) { server in
            for (body, message) in Self.submissions {
                let answer = try await server.request("POST", "/v1/jobs", body)
                #expect(answer.status == 422, "\(body)")
                #expect(answer.errorCode == "invalid")
                #expect(answer.errorMessage == message)
            }
            #expect((try await server.request("GET", "/v1/jobs")["jobs"] as? [Any])?.isEmpty == true)
        }
    }

    static let queries: [(query: String, message: String)] = [
        ("limit=0", "limit: must be a whole number from 1 to 1000, not \"0\""),
        ("limit=1&limit=2", "query parameter \"limit\" is given twice"),
        ("status=done", "status: must be pending, running, succeeded, failed or cancelled, not \"done\""),
        ("cursor=x", "cursor: must be the next_cursor of a page before, not \"x\""),
        ("foo=1", "unknown query parameter \"foo\"; this route takes limit, status, name and cursor"),
    ]

    @Test("a bad query is one answer that names the parameter")
    func badQueries() async throws {
        try await Server.with(try Folder()) { server in
            for (query, message) in Self.queries {
                let answer = try await server.request("GET", "/v1/jobs?\(query)")
                #expect(answer.status == 422, "\(query)")
                #expect(answer.errorMessage == message)
            }
        }
    }

    @Test("a body of 100 MB, and nesting without end, are refused, and the server serves on")
    func large() async throws {
        try await Server.with(try Folder()) { server in
            // The answer may come while the body is still being sent: that the connection is then lost is fair.
            if let answer = try? await server.request("POST", "/v1/jobs", String(repeating: "x", count: 100_000_000)) {
                #expect(answer.status == 413)
                #expect(answer.errorCode == "too_large")
            }
            let deep = try await server.request("POST", "/v1/jobs", String(repeating: "[", count: 100_000))
            #expect(deep.status == 422)
            #expect(try await server.request("GET", "/healthz").status == 200)
        }
    }

    @Test("a wrong method, a wrong route and a wrong token are told apart")
    func access() async throws {
        try await Server.with(try Folder()) { server in
            let method = try await server.request("PUT", "/v1/jobs")
            #expect(method.status == 405)
            #expect(try await server.request("GET", "/v1/nothing").errorCode == "not_found")
            for header in ["Bearer other", "Basic \(server.ready.token)", server.ready.token, "Bearer \(server.ready.admin_token)"] {
                let answer = try await server.request("GET", "/v1/jobs", headers: [(name: "Authorization", value: header)])
                #expect(answer.status == 401)
                #expect(answer.errorCode == "unauthenticated")
            }
        }
    }

    @Test("what is not built yet is refused by name", arguments: [
        (["chaos", "x.yaml"], "the verb 'chaos' is not built yet"),
        (["check", "a.py:A", "--baseline", "f"], "'--baseline' of 'windtunnel check' is not built yet"),
        (["check", "exec:./connector"], "\"exec:./connector\": exec: is not built yet; give module:Class or path/file.py:Class"),
    ])
    func unbuilt(_ arguments: [String], _ line: String) async throws {
        let ended = try await run(TestedProgram.path, arguments, in: try Folder())
        #expect(ended.code == 2)
        #expect(ended.complaint == line)
    }

    @Test("an unknown clause is one line with the nearest")
    func unknownClause() async throws {
        let ended = try await windtunnel("contract", "CAN-99", in: try Folder())
        #expect(ended.code == 2)
        #expect(ended.complaint?.hasPrefix("the contract has no clause 'CAN-99'; did you mean CAN-0") == true)
    }

    @Test("a wrong option of serve is one line and exit 2", arguments: [
        (["--slots", "0"], "--slots is 0; it must be 1 to 65536"),
        (["--slots", "-3"], "--slots is -3; it must be 1 to 65536"),
        (["--slots", "1152921504606846976"], "--slots is 1152921504606846976; it must be 1 to 65536"),
        (["--port", "-1"], "--port is -1; a port is 1 to 65535, or 0 for any free one"),
        (["--quota", "running-jobs=1,running-jobs=2"], "--quota has running-jobs twice; give it once"),
        (["--quota", "running-jobs=1e18"], "--quota running-jobs is 1e18; it must be a whole number, 0 to 2147483647"),
        (["--nodes", "0"], "--nodes is 0; it must be 1 to 64"),
        (["--nodes", "65"], "--nodes is 65; it must be 1 to 64"),
        (["--node-cpus", "0"], "--node-cpus is 0.0; it must be more than 0, and 1000000 at most"),
        (["--node-memory-gb", "inf"], "--node-memory-gb is inf; it must be more than 0, and 1000000000 at most"),
        (["--node-gpus", "-1"], "--node-gpus is -1; it must be 0 to 65536"),
        (["--port", "99999"], "--port is 99999; a port is 1 to 65535, or 0 for any free one"),
        (["--platform", "aws"], "--platform aws is unknown or not built yet; the platform that is there is 'native'"),
        (["--durability", "some"], "--durability is 'some'; it is normal or full"),
        (["--clock", "virtual"], "'--clock' of 'windtunnel serve' is not built yet"),
        (["--frobnicate"], "Unknown option '--frobnicate' (see 'windtunnel serve --help')"),
    ])
    func serveOptions(_ options: [String], _ line: String) async throws {
        let folder = try Folder()
        let ended = try await run(TestedProgram.path, ["serve"] + options, in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint == line)
    }

    @Test("an error in the use of a verb's verb points at its own help", arguments: [
        (["jobs", "list", "--bogus"], "Unknown option '--bogus' (see 'windtunnel jobs list --help')"),
        (["history", "prune"], "Missing expected argument '--older-than <AGE>' (see 'windtunnel history prune --help')"),
        (["jobs", "list", "--limit", "-1"], "--limit is -1; it must be 1 or more"),
    ])
    func subcommands(_ arguments: [String], _ line: String) async throws {
        let ended = try await run(TestedProgram.path, arguments, in: try Folder())
        #expect(ended.code == 2)
        #expect(ended.complaint == line)
    }

    @Test("every verb, the internal one too, explains itself with an example", arguments: [
        [], ["check"], ["serve"], ["run"], ["env"], ["jobs"], ["jobs", "logs"], ["history"], ["history", "prune"], ["contract"], ["demo"],
        ["node"], ["node", "--folder", "x"],
    ])
    func help(_ verbs: [String]) async throws {
        for option in ["--help", "-h"] {
            let ended = try await run(TestedProgram.path, verbs + [option], in: try Folder())
            #expect(ended.code == 0 && ended.errors == "", "\(ended.errors)")
            #expect(ended.output.contains("USAGE: windtunnel"))
            let example = verbs.first.map { "windtunnel \($0)" } ?? "windtunnel check acme.py:AcmeConnector"
            #expect(ended.output.split(separator: "\n").contains { $0.contains(example) && !$0.hasPrefix("USAGE") }, "\(ended.output)")
        }
    }

    @Test("a port in use is named with the option that sets it", arguments: ["--port", "--admin-port"])
    func portInUse(_ option: String) async throws {
        try await Server.with(try Folder()) { server in
            let port = try #require(server.ready.endpoint.split(separator: ":").last)
            let ended = try await windtunnel("serve", option, "\(port)", in: try Folder())
            #expect(ended.code == 2)
            #expect(ended.complaint == "port \(port) on 127.0.0.1 is in use; choose another with \(option), or 0 for any free one")
        }
    }

    @Test("a state folder that cannot be is one line", arguments: ["file", "file/below", "/proc/none"])
    func stateFolder(_ path: String) async throws {
        let folder = try Folder()
        try folder.write("file", "")
        let ended = try await windtunnel("serve", "--state", path, in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint == "cannot use \(path) as the state folder: it cannot be created; choose another with --state")
    }
}
