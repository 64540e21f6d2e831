import Foundation
import Glibc
import Harness
import ProcessSpawn
import TestedProgram
import Testing

@Suite("windtunnel serve --sandbox")
struct SandboxTests {
    /// Whether this machine has bubblewrap and lets it work.
    static let isPossible: Bool = {
        let words = ["bwrap", "--unshare-all", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "/bin/sh", "-c", "exit 0"]
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        let process = try? spawn(SpawnRequest(executable: "/usr/bin/env", arguments: words, environment: [("PATH", path)]))
        guard let process, case .code(0)? = reap(pid: process.pid, blocking: true)?.ending else { return false }
        return true
    }()

    private static let needs: Comment = "bubblewrap is not there, or this machine lets it make no sandbox"

    private static func serve(_ folder: Folder, _ options: [String] = [], _ body: (Server) async throws -> Void) async throws {
        let server = try await Server.start(in: folder, options: ["--slots", "2", "--sandbox"] + options)
        let result: Result<Void, any Error>
        do { result = .success(try await body(server)) } catch { result = .failure(error) }
        #expect(await server.end(SIGTERM) == 0)
        try result.get()
    }

    @Test("without bubblewrap it does not start, and one line says how to get it")
    func missing() async throws {
        let folder = try Folder()
        let ended = try await run(
            TestedProgram.path, ["serve", "--sandbox", "--state", "\(folder.path)/state"], in: folder, environment: ["PATH": "/nowhere"])
        #expect(ended.code == 2)
        let line = try #require(ended.complaint)
        #expect(line.contains("--sandbox") && line.contains("apt-get install bubblewrap"), "\(line)")
    }

    @Test("where the machine forbids sandboxes it does not start, and one line says what bubblewrap said")
    func forbidden() async throws {
        let folder = try Folder()
        try FileManager.default.createDirectory(atPath: folder.path + "/bin", withIntermediateDirectories: true)
        chmod(try folder.write("bin/bwrap", "#!/bin/sh\necho 'bwrap: No permissions to create new namespace' >&2\nexit 1\n"), 0o755)
        let ended = try await run(
            TestedProgram.path, ["serve", "--sandbox", "--state", "\(folder.path)/state"], in: folder,
            environment: ["PATH": folder.path + "/bin:/usr/bin:/bin"])
        #expect(ended.code == 2)
        #expect(ended.complaint?.contains("No permissions to create new namespace") == true, "\(ended.errors)")
    }

    @Test("a job ends as it would without: its code, its signal, its output, its input to the platform", .enabled(if: isPossible, needs))
    func ends() async throws {
        let folder = try Folder()
        try await Self.serve(folder) { server in
            let code = try await server.submit("echo out; echo err >&2; exit 130")
            let signal = try await server.submit("kill -SEGV $$")
            let killed = try await server.submit("kill -KILL $$")
            let good = try await server.submit(
                """
                import json, os
                open(os.environ["WINDTUNNEL_METRICS_FILE"], "w").write(json.dumps({"loss": 0.5}) + "\\n")
                open(os.environ["WINDTUNNEL_ARTIFACTS_DIR"] + "/a.txt", "w").write("kept")
                open("here.txt", "w").write("x")
                print(os.getcwd() == os.environ["HOME"], os.environ["A"], os.environ["WINDTUNNEL_JOB_NAME"])
                """, "python", ["name": "n", "environment": ["A": "b c", "LD_PRELOAD": ""]])
            #expect(try await server.wait(code).exitCode == 130)
            #expect(try await server.job(code).signal == nil)
            #expect(try await server.logs(code, "?stream=stdout") == "out\n")
            #expect(try await server.logs(code, "?stream=stderr") == "err\n")
            #expect(try await server.wait(signal).signal == 11)
            #expect(try await server.wait(killed).signal == 9)
            #expect(try await server.wait(good).jobStatus == "succeeded")
            #expect(try await server.logs(good) == "True b c n\n")
            #expect(try await server.request("GET", "/v1/jobs/\(good)/artifacts/a.txt").text == "kept")
            #expect(try await server.request("GET", "/v1/jobs/\(good)/result").text.contains("\"loss\":0.5"))
        }
    }

    @Test("a job reaches no network, no other process, no secret of the platform, and changes nothing of the system", .enabled(if: isPossible, needs))
    func walls() async throws {
        let folder = try Folder()
        try folder.write("secret", "of the user's own /tmp")
        try await Self.serve(folder) { server in
            let code = """
                import os, socket, sys
                def refused(what, body):
                    try:
                        body()
                        print("NOT refused:", what)
                    except OSError:
                        pass
                host, port = "\(server.ready.endpoint)".rsplit("/", 1)[1].split(":")
                refused("the platform's port", lambda: socket.create_connection((host, int(port)), 5))
                refused("another host", lambda: socket.create_connection(("192.0.2.1", 80), 5))
                refused("the token", lambda: open("\(server.ready.state)/admin-token"))
                refused("the history", lambda: open("\(server.ready.state)/history.sqlite"))
                refused("a system folder", lambda: open("/etc/windtunnel-was-here", "w"))
                refused("its own program", lambda: open("\(TestedProgram.path)", "ab"))
                refused("the kernel's settings", lambda: open("/proc/sys/kernel/core_pattern", "r+"))
                refused("the server", lambda: os.kill(\(server.ready.pid), 0))
                open("/tmp/mine", "w").write("x")
                loopback = socket.create_server(("127.0.0.1", 0))
                socket.create_connection(loopback.getsockname(), 5)
                print(sorted(os.listdir("/tmp"))[:3], len([name for name in os.listdir("/proc") if name.isdigit()]) < 5)
                """
            let job = try await server.submit(code, "python")
            #expect(try await server.wait(job).jobStatus == "succeeded")
            let log = try await server.logs(job)
            #expect(!log.contains("NOT refused"), "\(log)")
            #expect(log.contains(" True"), "\(log)")
            #expect(!FileManager.default.fileExists(atPath: "/tmp/mine"))
        }
    }

    @Test("a cancelled job is asked first, and its whole tree is gone", .enabled(if: isPossible, needs))
    func cancel() async throws {
        let folder = try Folder()
        let mark = "mark-\(UUID().uuidString)"
        try await Self.serve(folder) { server in
            let polite = try await server.submit("trap 'echo asked; exit 3' TERM; echo up; while :; do sleep 0.05; done")
            let tree = try await server.submit(
                "(MARK=\(mark) setsid sleep 600 &) ; MARK=\(mark) sleep 600 & trap '' TERM; echo up; MARK=\(mark) sleep 600; wait")
            for job in [polite, tree] {
                try await server.wait(job, hasWritten: "up")
                #expect(try await server.request("POST", "/v1/jobs/\(job)/cancel")["cancelled"] as? Bool == true)
                #expect(try await server.wait(job).jobStatus == "cancelled")
            }
            #expect(try await server.logs(polite).contains("asked"))
            #expect(processes(with: mark).isEmpty)
        }
    }

    @Test("what a job left running goes with it, and its usage is measured", .enabled(if: isPossible, needs))
    func usage() async throws {
        let folder = try Folder()
        let mark = "mark-\(UUID().uuidString)"
        try await Self.serve(folder) { server in
            let job = try await server.submit(
                """
                import os, subprocess, sys, time
                subprocess.Popen(["sleep", "600"], start_new_session=True, env={"MARK": "\(mark)", "PATH": "/usr/bin:/bin"})
                burn = "import time\\nend = time.process_time() + 0.3\\nwhile time.process_time() < end: pass"
                subprocess.run([sys.executable, "-c", burn], check=True)
                exec(burn)
                """, "python")
            let ended = try await server.wait(job)
            #expect(ended.jobStatus == "succeeded")
            let usage = try #require(ended["usage"] as? [String: Any])
            let user = try #require(usage["cpu_user_seconds"] as? Double)
            let system = try #require(usage["cpu_system_seconds"] as? Double)
            #expect(user + system > 0.55, "\(usage)")
            #expect(processes(with: mark).isEmpty)
        }
    }

    @Test("packages are there, in environments that a job can only read", .enabled(if: isPossible, needs))
    func packages() async throws {
        let folder = try Folder()
        let wheels = folder.path + "/wheels"
        try FileManager.default.createDirectory(atPath: wheels, withIntermediateDirectories: true)
        try ProbeWheel.write(name: "inside", version: "1.0", module: "inside", source: "word = 'here'", to: wheels)
        try ProbeWheel.write(name: "later", version: "1.0", module: "later", source: "word = 'and there'", to: wheels)
        try await Self.serve(folder, ["--wheels", wheels]) { server in
            let job = try await server.submit(
                """
                import inside, os, subprocess, sys
                subprocess.run([sys.executable, "-m", "pip", "install", "-q", "later"], check=True)
                import later
                print(inside.word, later.word, os.access(sys.prefix, os.W_OK))
                """, "python", ["dependencies": ["inside"]])
            #expect(try await server.wait(job).jobStatus == "succeeded")
            let log = try await server.logs(job)
            #expect(log.contains("here and there False\n"), "\(log)")
        }
    }
}
