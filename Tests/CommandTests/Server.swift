import Dispatch
import Foundation
import Glibc
import NativeClient
import ProcessSpawn
import TestedProgram
import Testing

/// `windtunnel serve` in a process of its own, and a client of it.
final class Server: Sendable {
    struct Ready: Decodable {
        var ready: Bool
        var endpoint, token, admin_endpoint, admin_token, state: String
        var pid: Int32
    }

    let ready: Ready
    let client: NativeClient
    let admin: NativeClient
    private let process: SpawnedProcess

    private init(_ ready: Ready, _ process: SpawnedProcess) throws {
        self.ready = ready
        self.process = process
        client = try NativeClient(endpoint: ready.endpoint, token: ready.token)
        admin = try NativeClient(endpoint: ready.admin_endpoint, token: ready.admin_token)
    }

    /// Starts one on `folder` + `/state`, and returns when it has said that it is ready.
    ///
    /// - Parameter shell: what a shell does before it becomes the server.
    static func start(in folder: Folder, after shell: String? = nil, _ options: String...) async throws -> Server {
        try await start(in: folder, after: shell, options: options)
    }

    static func start(
        in folder: Folder, after shell: String? = nil, options: [String], environment: [String: String] = [:]
    ) async throws -> Server {
        let serve = ["serve", "--format", "json", "--state", "\(folder.path)/state"] + options
        let started = shell.map { ("/bin/sh", ["-c", "\($0) && exec \"$0\" \"$@\"", TestedProgram.path] + serve) } ?? (TestedProgram.path, serve)
        var ends: [Int32] = [0, 0]
        try #require(pipe(&ends) == 0)
        let process = try spawn(
            SpawnRequest(
                executable: started.0, arguments: started.1,
                environment: variables(environment), workingDirectory: folder.path, standardOutput: .descriptor(ends[1]),
                standardError: .file(path: "\(folder.path)/serve.err", append: true)))
        close(ends[1])
        let line = await firstLine(of: ends[0])
        guard let ready = try? JSONDecoder().decode(Ready.self, from: line) else {
            _ = await process.waitForExit()
            throw Failure(text: folder.read("serve.err"))
        }
        return try Server(ready, process)
    }

    /// Starts one, runs `body`, ends it. Nothing of it is left.
    static func with(_ folder: Folder, slots: Int = 2, _ body: (Server) async throws -> Void) async throws {
        let server = try await start(in: folder, "--slots", "\(slots)")
        do {
            try await body(server)
        } catch {
            _ = await server.end(SIGTERM)
            throw error
        }
        #expect(await server.end(SIGTERM) == 0)
    }

    struct Failure: Error, CustomStringConvertible {
        var text: String
        var description: String { "the server did not get ready: \(text)" }
    }

    /// Sends the signal, and waits for the end.
    /// - Returns: the exit code; 128 and the signal, where one ended it.
    func end(_ signal: Int32) async -> Int32 {
        client.close()
        admin.close()
        process.send(signal: signal)
        let watch = DispatchWorkItem { [process] in process.send(signal: SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + 30, execute: watch)
        defer { watch.cancel() }
        return exitCode(await process.waitForExit())
    }

    func request(_ method: String, _ path: String, _ body: String? = nil, headers: [(name: String, value: String)] = []) async throws -> Answered {
        Answered(try await client.request(method, path, body: body.map { Array($0.utf8) }, headers: headers))
    }

    /// - Returns: the id of the job.
    func submit(_ code: String, _ language: String = "shell", _ more: [String: Any] = [:]) async throws -> String {
        let body = try JSONSerialization.data(withJSONObject: ["code": code, "language": language].merging(more) { $1 })
        let answer = try await request("POST", "/v1/jobs", String(decoding: body, as: UTF8.self))
        #expect(answer.status == 201)
        return try #require(answer["id"] as? String)
    }

    func job(_ id: String) async throws -> Answered { try await request("GET", "/v1/jobs/\(id)") }

    func logs(_ id: String, _ query: String = "") async throws -> String { try await request("GET", "/v1/jobs/\(id)/logs\(query)").text }

    /// Asks until the job is in one of these statuses.
    func wait(_ id: String, _ statuses: Set<String> = ["succeeded", "failed", "cancelled"]) async throws -> Answered {
        try await poll("\(id) is \(statuses.sorted())") {
            let job = try await job(id)
            return statuses.contains(job["status"] as? String ?? "") ? job : nil
        }
    }

    /// Asks until the job has written `text`.
    func wait(_ id: String, hasWritten text: String) async throws {
        _ = try await poll("\(id) has written \(text)") { try await logs(id).contains(text) ? true : nil }
    }
}

/// Asks again and again until there is an answer, at most so long as a machine that is busy with other tests may need.
func poll<Value>(_ what: String, _ ask: () async throws -> Value?) async throws -> Value {
    let end = ContinuousClock.now + .seconds(120)
    while ContinuousClock.now < end {
        if let value = try await ask() { return value }
        try await Task.sleep(for: .milliseconds(5))
    }
    throw Server.Failure(text: "it never came to this: \(what)")
}

/// An answer of the API.
struct Answered {
    var status: Int
    var text: String
    var fields: [String: Any]

    init(_ response: Response) {
        status = response.status
        text = response.text
        fields = (try? JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any]) ?? [:]
    }

    subscript(_ name: String) -> Any? { fields[name] }
    var jobStatus: String? { self["status"] as? String }
    var exitCode: Int? { self["exit_code"] as? Int }
    var signal: Int? { self["signal"] as? Int }
    /// The code of the API's error, or of the job's.
    var errorCode: String? { (self["error"] as? [String: Any])?["code"] as? String }
    var errorMessage: String? { (self["error"] as? [String: Any])?["message"] as? String }
}

/// Reads up to the first line's end, without holding a thread of the tests; closes the descriptor.
private func firstLine(of descriptor: Int32) async -> Data {
    await withCheckedContinuation { continuation in
        DispatchQueue.global().async {
            var line: [UInt8] = []
            var byte: UInt8 = 0
            while read(descriptor, &byte, 1) == 1, byte != 10 { line.append(byte) }
            close(descriptor)
            continuation.resume(returning: Data(line))
        }
    }
}
