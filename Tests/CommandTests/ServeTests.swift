import Foundation
import Testing

@Suite("windtunnel serve")
struct ServeTests {
    @Test("tells a job's true end: its exit code, its signal, and what it wrote to each stream")
    func ends() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let code = try await server.submit("echo out; echo err >&2; exit 7")
            let signal = try await server.submit("kill -SEGV $$")
            let python = try await server.submit("import sys; print('hi'); sys.exit(300)", "python")
            let ended = try await server.wait(code)
            #expect(ended.jobStatus == "failed")
            #expect(ended.exitCode == 7)
            #expect(ended.errorMessage == "exited with code 7")
            #expect(try await server.logs(code, "?stream=stdout") == "out\n")
            #expect(try await server.logs(code, "?stream=stderr") == "err\n")
            #expect(try await server.logs(code, "?stream=stdout&offset=2") == "t\n")
            let killed = try await server.wait(signal)
            #expect(killed.signal == 11)
            #expect(killed.exitCode == nil)
            #expect(killed.errorMessage == "killed by signal 11 (SIGSEGV)")
            #expect(try await server.wait(python).exitCode == 44)
        }
    }

    @Test("gives a job a clean environment: its own, and nothing of the server's but PATH, LANG and TZ")
    func environment() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let id = try await server.submit("env", "shell", ["name": "line\nü", "environment": ["A": "b c", "WINDTUNNEL_JOB_ID": "another"]])
            #expect(try await server.wait(id).jobStatus == "succeeded")
            let lines = try await server.logs(id).replacingOccurrences(of: "line\nü", with: "line ü").split(separator: "\n")
            let names = Set(lines.map { String($0.prefix { $0 != "=" }) })
            #expect(
                names.subtracting(["PATH", "LANG", "TZ", "PWD"]) == [
                    "A", "HOME", "TMPDIR", "WINDTUNNEL_JOB_ID", "WINDTUNNEL_JOB_NAME", "WINDTUNNEL_METRICS_FILE", "WINDTUNNEL_ARTIFACTS_DIR",
                ])
            #expect(lines.contains("WINDTUNNEL_JOB_ID=\(id)"))
            #expect(lines.contains("WINDTUNNEL_JOB_NAME=line ü"))
        }
    }

    @Test("keeps what has no slot pending; a pending job that is cancelled never starts")
    func queue() async throws {
        let folder = try Folder()
        try await Server.with(folder, slots: 1) { server in
            let first = try await server.submit("echo up; while [ ! -e '\(folder.path)/go' ]; do sleep 0.02; done")
            try await server.wait(first, hasWritten: "up")
            let second = try await server.submit("touch '\(folder.path)/second'")
            let third = try await server.submit("true")
            #expect(try await server.job(second).jobStatus == "pending")
            #expect(try await server.request("GET", "/v1/jobs/\(second)/result").status == 409)
            #expect(try await server.request("POST", "/v1/jobs/\(second)/cancel")["cancelled"] as? Bool == true)
            #expect(try await server.request("POST", "/v1/jobs/\(second)/cancel")["cancelled"] as? Bool == false)
            try folder.write("go", "")
            #expect(try await server.wait(third).jobStatus == "succeeded")
            #expect(try await server.job(second).jobStatus == "cancelled")
            #expect(!FileManager.default.fileExists(atPath: folder.path + "/second"))
        }
    }

    @Test("cancels a whole tree, also of children that left the session and ignore TERM")
    func tree() async throws {
        let folder = try Folder()
        let mark = "mark\(UUID().uuidString.prefix(8))"
        try await Server.with(folder) { server in
            let code = """
                import os, signal, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                for _ in range(2):
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0:
                            print("up", flush=True)
                            time.sleep(1000)
                        os._exit(0)
                time.sleep(1000)
                """
            let id = try await server.submit(code, "python", ["environment": ["MARK": mark]])
            _ = try await poll("both children are up") { try await server.logs(id) == "up\nup\n" ? true : nil }
            #expect(processes(with: mark).count == 3)
            #expect(try await server.request("POST", "/v1/jobs/\(id)/cancel")["cancelled"] as? Bool == true)
            let ended = try await server.wait(id)
            #expect(ended.jobStatus == "cancelled")
            #expect(ended.signal == 9)
            #expect(processes(with: mark) == [])
        }
    }

    @Test("leaves no process of a job that ended by itself")
    func daemon() async throws {
        let folder = try Folder()
        let mark = "mark\(UUID().uuidString.prefix(8))"
        try await Server.with(folder) { server in
            let id = try await server.submit("setsid sleep 1000 >/dev/null 2>&1 & exit 0", "shell", ["environment": ["MARK": mark]])
            #expect(try await server.wait(id).jobStatus == "succeeded")
            #expect(processes(with: mark) == [])
        }
    }

    @Test("on TERM ends: running jobs are failed as platform_stopped, queued ones run at the next start, no process is left")
    func stop() async throws {
        let folder = try Folder()
        let mark = "mark\(UUID().uuidString.prefix(8))"
        let server = try await Server.start(in: folder, "--slots", "1")
        let running = try await server.submit("trap '' TERM; echo up; while :; do sleep 0.05; done", "shell", ["environment": ["MARK": mark]])
        try await server.wait(running, hasWritten: "up")
        let queued = try await server.submit("echo later")
        #expect(await server.end(SIGTERM) == 0)
        #expect(processes(with: mark) == [])
        #expect(processes(with: folder.path + "/state") == [])
        try await Server.with(folder) { next in
            let stopped = try await next.job(running)
            #expect(stopped.errorCode == "platform_stopped")
            #expect(try await next.wait(queued).jobStatus == "succeeded")
        }
    }

    @Test("answers the same key with the same job, however many ask at once; another body under it is a conflict")
    func idempotency() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let key = [(name: "Idempotency-Key", value: "k-1")]
            let body = #"{"code": "true", "language": "shell"}"#
            let ids = try await withThrowingTaskGroup(of: String?.self) { group in
                for _ in 0..<10 { group.addTask { try await server.request("POST", "/v1/jobs", body, headers: key)["id"] as? String } }
                return try await group.reduce(into: Set<String?>()) { $0.insert($1) }
            }
            #expect(ids.count == 1)
            let other = try await server.request("POST", "/v1/jobs", #"{"code": "false", "language": "shell"}"#, headers: key)
            #expect(other.status == 409)
            #expect(other.errorCode == "conflict")
        }
    }

    @Test("lists the newest first, in pages that lose and repeat nothing, and by name and status")
    func pages() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            var ids: [String] = []
            for number in 0..<7 { ids.append(try await server.submit("exit \(number % 2)", "shell", ["name": "n\(number % 2)"])) }
            for id in ids { _ = try await server.wait(id) }
            func list(_ query: String) async throws -> (ids: [String], next: String?) {
                let page = try await server.request("GET", "/v1/jobs?\(query)")
                let jobs = page["jobs"] as? [[String: Any]] ?? []
                return (jobs.compactMap { $0["id"] as? String }, page["next_cursor"] as? String)
            }
            var seen: [String] = []
            var cursor: String?
            repeat {
                let page = try await list("limit=3" + (cursor.map { "&cursor=\($0)" } ?? ""))
                #expect(page.ids.count <= 3)
                seen += page.ids
                cursor = page.next
            } while cursor != nil
            #expect(seen == ids.reversed())
            let odd = ids.indices.filter { $0 % 2 == 1 }.map { ids[$0] }
            #expect(try await list("name=n1").ids == odd.reversed())
            #expect(try await list("status=failed").ids == odd.reversed())
            #expect(try await list("limit=7").next == nil)
        }
    }

    @Test("gives back a job's artifacts, and nothing outside their folder")
    func artifacts() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let id = try await server.submit(
                "cd \"$WINDTUNNEL_ARTIFACTS_DIR\"; mkdir d; echo a > 'd/a é.txt'; ln -s / root; ln -s /etc/passwd link; mkfifo fifo")
            #expect(try await server.wait(id).jobStatus == "succeeded")
            #expect(try await server.request("GET", "/v1/jobs/\(id)/result")["artifacts"] as? [String] == ["d/a é.txt"])
            #expect(try await server.request("GET", "/v1/jobs/\(id)/artifacts/d/a%20%C3%A9.txt").text == "a\n")
            for path in ["../stdout", "..%2fstdout", "%2e%2e/%2e%2e/%2e%2e/%2e%2e/history.sqlite", "link", "root/etc/passwd", "fifo", "d", "a%00b"] {
                #expect(try await server.request("GET", "/v1/jobs/\(id)/artifacts/\(path)").status == 404, "\(path)")
            }
        }
    }
}
