import Dispatch
import Foundation
import Glibc
import ProcessSpawn
import TestedProgram
import Testing

/// The machine runs out of something under the server: it says so, loses nothing, and goes on when there is some again.
@Suite("Shortage")
struct ShortageTests {
    @Test(
        "a full disk: submissions are refused in clear words, nothing that was acknowledged is lost, and it recovers",
        .enabled(if: Namespace.isThere, "this machine gives no mount namespace"))
    func fullDisk() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, after: Namespace.enter("mount -t tmpfs -o size=16m none '\(folder.path)'"))
        // The folder as the server sees it: the file system is in its namespace alone.
        let inside = "/proc/\(server.ready.pid)/root\(folder.path)"
        var acknowledged = [try await server.submit("exit 3")]
        #expect(try await server.wait(acknowledged[0]).exitCode == 3)
        fill("\(inside)/filler")

        var refused: Answered?
        for _ in 0..<2000 where refused == nil {
            let answer = try await server.request("POST", "/v1/jobs", #"{"code": "exit 3", "language": "shell"}"#)
            if answer.status == 201 { acknowledged.append(try #require(answer["id"] as? String)) } else { refused = answer }
        }
        let refusal = try #require(refused)
        #expect(refusal.status == 503)
        #expect(refusal.errorCode == "unavailable")
        #expect(refusal.errorMessage?.contains("the disk is full") == true)
        #expect(try await server.job(acknowledged[0]).exitCode == 3)
        #expect(folder.read("serve.err").contains(/(?:^|\n)windtunnel: (no job is accepted|the history cannot be written): the disk is full: [^\n]+\n/))

        #expect(unlink("\(inside)/filler") == 0)
        let after = try await poll("a submission is taken again") {
            let answer = try await server.request("POST", "/v1/jobs", #"{"code": "exit 4", "language": "shell"}"#)
            return answer.status == 201 ? answer["id"] as? String : nil
        }
        #expect(try await server.wait(after).exitCode == 4)
        _ = try await poll("the recovery is told") {
            folder.read("serve.err").contains(/jobs are accepted again\n|the history can be written again; [^\n]+\n/) ? true : nil
        }
        for id in acknowledged {
            #expect(try await server.wait(id).exitCode == 3)
        }
        let verified = try await run("/bin/sh", ["-c", Namespace.join(server.ready.pid), TestedProgram.path, "history", "verify", "--state", server.ready.state], in: folder)
        #expect(verified.code == 0, "\(verified.output)\(verified.errors)")
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test(
        "a disk that fills while jobs wait for their slot: they wait for room too, and then run",
        .enabled(if: Namespace.isThere, "this machine gives no mount namespace"))
    func fullDiskUnderQueue() async throws {
        let (folder, outside) = (try Folder(), try Folder())
        let server = try await Server.start(
            in: folder, after: Namespace.enter("mount -t tmpfs -o size=24m none '\(folder.path)'"), "--slots", "1")
        let inside = "/proc/\(server.ready.pid)/root\(folder.path)"
        // So much history that what is written next finds its place in files that are there.
        for _ in 0..<300 { _ = try await server.submit("true") }
        let first = try await server.submit("while [ ! -e '\(outside.path)/go' ]; do sleep 0.01; done; exit 3")
        _ = try await server.wait(first, ["running"])
        var queued: [String] = []
        for _ in 0..<5 { queued.append(try await server.submit("exit 3")) }
        fill("\(inside)/filler")
        try outside.write("go", "")
        _ = try await poll("the first job's process is gone") { processes(with: outside.path + "/go").isEmpty ? true : nil }
        for _ in 0..<100 {
            for id in queued { #expect(try await server.job(id).jobStatus == "pending") }
        }
        #expect(unlink("\(inside)/filler") == 0)
        for id in [first] + queued { #expect(try await server.wait(id).exitCode == 3) }
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test("few descriptors: what cannot start yet waits for the end of another job, and none fails", arguments: 62...69)
    func fewDescriptors(limit: Int) async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, after: "ulimit -n \(limit)", "--slots", "8")
        var jobs: [String] = []
        for _ in 0..<12 { jobs.append(try await server.submit("while [ ! -e '\(folder.path)/go' ]; do sleep 0.01; done; exit 5")) }
        _ = try await server.wait(jobs[0], ["running"])
        try folder.write("go", "")
        for job in jobs { #expect(try await server.wait(job).exitCode == 5) }
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test(
        "a full disk: an endpoint is refused as what passes, nothing of it is left, and it is served once there is room",
        .enabled(if: Namespace.isThere, "this machine gives no mount namespace"))
    func fullDiskOfAnEndpoint() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, after: Namespace.enter("mount -t tmpfs -o size=16m none '\(folder.path)'"))
        let inside = "/proc/\(server.ready.pid)/root\(folder.path)"
        #expect(try await server.request("PUT", "/v1/files/m/model.py", "def predict(payload): return 1").status == 201)
        fill("\(inside)/filler")
        let body = #"{"name": "m", "model_path": "m"}"#
        let refused = try await server.request("POST", "/v1/endpoints", body)
        #expect(refused.status == 503 && refused.errorCode == "unavailable", "\(refused.text)")
        #expect(refused.errorMessage?.contains("the disk is full") == true, "\(refused.text)")
        #expect(try await server.request("GET", "/v1/endpoints").text == #"{"endpoints":[]}"#)
        #expect(unlink("\(inside)/filler") == 0)
        let made = try await server.request("POST", "/v1/endpoints", body)
        #expect(made.status == 201, "\(made.text)")
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test("no descriptors left: the server answers again when there are some, and its jobs are as they were")
    func noDescriptors() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, after: "ulimit -n 64")
        let running = try await server.submit("while [ ! -e '\(folder.path)/go' ]; do sleep 0.02; done; exit 5")
        _ = try await server.wait(running, ["running"])
        let port = try #require(URL(string: server.ready.endpoint)?.port)
        let crowd = (0..<100).map { _ in connection(to: UInt16(port)) }
        #expect(crowd.allSatisfy { $0 >= 0 })
        for socket in crowd { close(socket) }
        let next = try await poll("a submission is taken again") { try? await server.submit("exit 6") }
        #expect(try await server.wait(next).exitCode == 6)
        try folder.write("go", "")
        #expect(try await server.wait(running).exitCode == 5)
        #expect(await server.end(SIGTERM) == 0, "\(folder.read("serve.err"))")
    }

    @Test("a client that never closes a connection: those that are open go on, more wait their turn, and the server lives")
    func leakedConnections() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, after: "ulimit -n 96")
        let running = try await server.submit("while [ ! -e '\(folder.path)/go' ]; do sleep 0.02; done; exit 5")
        _ = try await server.wait(running, ["running"])
        let port = UInt16(try #require(URL(string: server.ready.endpoint)?.port))
        let request = "GET /v1/jobs/\(running) HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(server.ready.token)\r\n\r\n"
        let crowd = (0..<150).map { _ in connection(to: port) }
        for socket in crowd { #expect(send(socket, request, request.utf8.count, Int32(MSG_NOSIGNAL)) == request.utf8.count) }
        #expect(await firstBytes(of: crowd[0]) == "HTTP/1.1 200")
        // One that was open before, and the other port.
        #expect(try await server.job(running).jobStatus == "running")
        #expect(try await server.admin.request("GET", "/admin/nodes").status == 200)
        #expect(try FileManager.default.contentsOfDirectory(atPath: "/proc/\(server.ready.pid)/fd").count < 96)
        // Each that is closed makes room for one that waits.
        for socket in crowd.dropLast() { close(socket) }
        #expect(await firstBytes(of: crowd[149]) == "HTTP/1.1 200")
        close(crowd[149])
        try folder.write("go", "")
        #expect(try await server.wait(running).exitCode == 5)
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test("the server takes the descriptors that it may have, and its jobs find the limit that was there before")
    func descriptorLimit() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, after: "ulimit -Sn 200 && ulimit -Hn 1024")
        let limits = try String(contentsOfFile: "/proc/\(server.ready.pid)/limits", encoding: .utf8).split(separator: "\n")
        let files = try #require(limits.first { $0.hasPrefix("Max open files") })
        #expect(files.split(separator: " ").compactMap { Int($0) } == [1024, 1024])
        for (language, code) in [("shell", "ulimit -Sn; ulimit -Hn"), ("python", "import resource; print(*resource.getrlimit(resource.RLIMIT_NOFILE), sep='\\n')")] {
            let id = try await server.submit(code, language)
            _ = try await server.wait(id)
            #expect(try await server.logs(id) == "200\n1024\n")
        }
        #expect(await server.end(SIGTERM) == 0)
    }

    /// The first bytes that come, without holding a thread of the tests; "" where the connection is closed.
    private func firstBytes(of socket: Int32) async -> String {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                var bytes = [UInt8](repeating: 0, count: 12)
                let count = recv(socket, &bytes, bytes.count, Int32(MSG_WAITALL))
                continuation.resume(returning: String(decoding: bytes.prefix(max(0, count)), as: UTF8.self))
            }
        }
    }

    /// Writes until nothing more goes in.
    private func fill(_ path: String) {
        let file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
        defer { close(file) }
        for size in [64 * 1024, 512] {
            let block = [UInt8](repeating: 7, count: size)
            while write(file, block, size) > 0 {}
        }
    }

    private func connection(to port: UInt16) -> Int32 {
        let socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let failed = withUnsafePointer(to: &address) { $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(socket, $0, size) } }
        return failed == 0 ? socket : -1
    }
}

/// A mount namespace of one's own, as far as this machine gives one.
private enum Namespace {
    /// Root has no need of a user namespace.
    private static let options = getuid() == 0 ? "-m" : "-rm"

    static let isThere: Bool = {
        let shell = try? spawn(SpawnRequest(executable: "/bin/sh", arguments: ["-c", enter("mount -t tmpfs none /mnt")]))
        guard let shell, case .code(0)? = reap(pid: shell.pid, blocking: true)?.ending else { return false }
        return true
    }()

    /// A shell's way into a new one in which `command` was done; the process stays the same.
    static func enter(_ command: String) -> String {
        #"exec unshare \#(options) /bin/sh -c '\#(command.replacing("'", with: #"'\''"#)) && exec "$0" "$@"' "$0" "$@""#
    }

    /// A shell's way into that of another process.
    static func join(_ pid: Int32) -> String {
        "exec nsenter -t \(pid) \(getuid() == 0 ? "-m" : "-U -m --preserve-credentials")" + #" "$0" "$@""#
    }
}
