import Foundation
import PlatformEngine
import Simulation
import Testing

@Suite("A job's life, over HTTP", .timeLimit(.minutes(5)))
struct JobLifeTests {
    @Test("a Python job runs, its output is in the result")
    func pythonRuns() async throws {
        try await TestPlatform.run { platform in
            let result = try await platform.result("import sys\nprint('o', 6 * 7)\nprint('e', file=sys.stderr)", language: "python")
            #expect(result.string("status") == "succeeded")
            #expect(result.int("exit_code") == 0)
            #expect(result.string("output") == "o 42\n")
            #expect(result["error"] == nil)
        }
    }

    @Test("code arrives as it was sent: quotes, backslashes, dollars, unicode, and a mebibyte of it")
    func codeArrives() async throws {
        try await TestPlatform.run { platform in
            let odd = "print('\"q\" $HOME \\\\ `x` é 漢 🦊')\r\n# " + String(repeating: "x", count: 1 << 20)
            let result = try await platform.result(odd, language: "python")
            #expect(result.string("output") == "\"q\" $HOME \\ `x` é 漢 🦊\n")
        }
    }

    @Test("a shell job fails with its exit code")
    func exitCode() async throws {
        try await TestPlatform.run { platform in
            let job = try await platform.ended(try await platform.submit("echo before; exit 7"))
            #expect(job.string("status") == "failed")
            #expect(job.int("exit_code") == 7)
            #expect(job["signal"] == nil)
            #expect(job.string("error.code") == "exit")
            #expect(try #require(job.string("error.message")).contains("7"))
        }
    }

    @Test("a job that is killed says by which signal")
    func signal() async throws {
        try await TestPlatform.run { platform in
            let job = try await platform.ended(try await platform.submit("kill -9 $$"))
            #expect(job.string("status") == "failed")
            #expect(job.int("signal") == 9)
            #expect(job["exit_code"] == nil)
            #expect(job.string("error.code") == "signal")
        }
    }

    @Test("a job sees its own environment and nothing of the server's but PATH, LANG and TZ")
    func environment() async throws {
        try await TestPlatform.run { platform in
            let result = try await platform.result(
                "env", extra: ["environment": ["MINE": "a=b c", "WINDTUNNEL_JOB_ID": "forged"], "name": "My job"])
            let lines = try #require(result.string("output")).split(separator: "\n").map { String($0) }
            let variables = Dictionary(
                lines.compactMap { line in
                    line.firstIndex(of: "=").map { (String(line[..<$0]), String(line[line.index(after: $0)...])) }
                }, uniquingKeysWith: { $1 })
            #expect(variables["MINE"] == "a=b c")
            #expect(variables["WINDTUNNEL_JOB_ID"] == result.string("id"))
            #expect(variables["WINDTUNNEL_JOB_NAME"] == "My job")
            let allowed: Set = [
                "MINE", "WINDTUNNEL_JOB_ID", "WINDTUNNEL_JOB_NAME", "WINDTUNNEL_METRICS_FILE", "WINDTUNNEL_ARTIFACTS_DIR", "HOME",
                "TMPDIR", "PATH", "LANG", "TZ", "PWD", "OLDPWD", "SHLVL", "_",
            ]
            #expect(Set(variables.keys).subtracting(allowed) == [])
            let work = try #require(variables["PWD"])
            #expect(variables["HOME"] == work)
            #expect(variables["TMPDIR"] == work)
        }
    }

    @Test("HOME and TMPDIR can be written to")
    func writableFolders() async throws {
        try await TestPlatform.run { platform in
            let result = try await platform.result("echo 1 > \"$HOME/a\" && echo 2 > \"$TMPDIR/b\" && cat \"$HOME/a\" \"$TMPDIR/b\"")
            #expect(result.string("output") == "1\n2\n")
        }
    }

    @Test("metrics and artifacts are in the result, and an artifact can be fetched")
    func metricsAndArtifacts() async throws {
        try await TestPlatform.run { platform in
            let result = try await platform.result(
                """
                echo '{"loss": 0.5, "epoch": 1}' > "$WINDTUNNEL_METRICS_FILE"
                echo '{"loss": 0.25}' >> "$WINDTUNNEL_METRICS_FILE"
                printf '\n{"bad": null, "accuracy": 0.75}\n[1]\n{"note": "last", "done": true}\n' >> "$WINDTUNNEL_METRICS_FILE"
                printf '{"torn' >> "$WINDTUNNEL_METRICS_FILE"
                mkdir "$WINDTUNNEL_ARTIFACTS_DIR/sub"
                printf weights > "$WINDTUNNEL_ARTIFACTS_DIR/sub/model.bin"
                echo x > "$WINDTUNNEL_ARTIFACTS_DIR/a b.txt"
                ln -s /etc/hostname "$WINDTUNNEL_ARTIFACTS_DIR/link"
                ln -s /etc "$WINDTUNNEL_ARTIFACTS_DIR/links"
                """)
            let metrics = try #require(result["metrics"] as? [String: Any])
            #expect(Set(metrics.keys) == ["loss", "epoch", "accuracy", "note", "done"])
            #expect(metrics["loss"] as? Double == 0.25 && metrics["epoch"] as? Int == 1 && metrics["accuracy"] as? Double == 0.75)
            #expect(metrics["note"] as? String == "last" && metrics["done"] as? Bool == true)
            #expect(result.int("metrics_skipped") == 3)
            #expect(result["artifacts"] as? [String] == ["a b.txt", "sub/model.bin"])
            #expect(result["artifacts_truncated"] as? Bool == false)
            let base = "/v1/jobs/\(try #require(result.string("id")))/artifacts/"
            #expect(try await platform.get(base + "sub/model.bin").text == "weights")
            #expect(try await platform.get(base + "a%20b.txt").text == "x\n")
            let part = try await platform.call("GET", base + "sub/model.bin", headers: [("Range", "bytes=2-4")])
            #expect(part.status == 206 && part.text == "igh" && part.response.header("Content-Range") == "bytes 2-4/7")
            #expect(try await platform.call("GET", base + "sub/model.bin", headers: [("Range", "bytes=7-")]).status == 416)
            for forbidden in ["link", "links/hostname", "../stdout", "..%2Fstdout", "nothing", "sub"] {
                #expect(try await platform.get(base + forbidden).status == 404, "\(forbidden)")
            }
        }
    }

    @Test("a job that puts a link in place of its artifacts folder shows nothing of where that leads")
    func artifactsFolderReplaced() async throws {
        try await TestPlatform.run { platform in
            let result = try await platform.result("rmdir \"$WINDTUNNEL_ARTIFACTS_DIR\" && ln -s /etc \"$WINDTUNNEL_ARTIFACTS_DIR\"")
            #expect(result.string("status") == "succeeded" && result["artifacts"] as? [String] == [])
            let id = try #require(result.string("id"))
            #expect(try await platform.get("/v1/jobs/\(id)/artifacts/passwd").status == 404)
        }
    }

    @Test("a job waits while every slot is taken, in the order of submission")
    func pendingWhenFull() async throws {
        try await TestPlatform.run(slots: 1) { platform in
            let first = try await platform.submit("sleep 60")
            await platform.waitUntil(first, is: .running)
            let second = try await platform.submit("true")
            #expect(try await platform.get("/v1/jobs/\(second)").string("status") == "pending")
            #expect(try await platform.get("/v1/jobs/\(second)/result").status == 409)
            #expect(try await platform.post("/v1/jobs/\(first)/cancel")["cancelled"] as? Bool == true)
            #expect(try await platform.ended(second).string("status") == "succeeded")
        }
    }

    @Test("a pending job that is cancelled never starts")
    func cancelPending() async throws {
        try await TestPlatform.run(slots: 1) { platform in
            let first = try await platform.submit("sleep 60")
            let second = try await platform.submit("echo ran")
            #expect(try await platform.post("/v1/jobs/\(second)/cancel")["cancelled"] as? Bool == true)
            let ended = try await platform.get("/v1/jobs/\(second)")
            #expect(ended.string("status") == "cancelled")
            #expect(ended["started_at"] == nil)
            #expect(ended["usage.wall_seconds"] == nil && ended.string("usage.unknown.wall_seconds") == "it never started")
            _ = try await platform.post("/v1/jobs/\(first)/cancel")
            #expect(try await platform.ended(first).string("status") == "cancelled")
            #expect(try await platform.get("/v1/jobs/\(second)/logs").text == "")
        }
    }

    @Test("cancel ends the whole tree, also what left the session and ignores TERM")
    func cancelTree() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit(
                """
                import os, signal, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        open(os.environ["HOME"] + "/up", "w").close()
                        time.sleep(600)
                    os._exit(0)
                while not os.path.exists(os.environ["HOME"] + "/up"): time.sleep(0.01)
                print("up", flush=True)
                time.sleep(600)
                """, language: "python")
            await platform.waitUntil(id, is: .running)
            while try await platform.get("/v1/jobs/\(id)/logs").text != "up\n" { await Task.yield() }
            #expect(platform.engine.liveProcesses(ofJob: id).count >= 2)
            #expect(try await platform.post("/v1/jobs/\(id)/cancel")["cancelled"] as? Bool == true)
            #expect(try await platform.ended(id).string("status") == "cancelled")
            #expect(platform.engine.liveProcesses(ofJob: id).isEmpty)
            #expect(try await platform.post("/v1/jobs/\(id)/cancel")["cancelled"] as? Bool == false)
            #expect(try await platform.get("/v1/jobs/\(id)").string("status") == "cancelled")
        }
    }

    @Test("what is known of a job is all in it, null where it is not known")
    func jobFields() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit(
                "true", extra: ["labels": ["team": "a"], "resources": ["gpu_enabled": true, "gpu_count": 2, "custom_params": ["k": [1, "x"]]]])
            let job = try await platform.ended(id)
            let fields = try #require(job.value as? [String: Any])
            #expect(
                Set(fields.keys) == [
                    "id", "name", "status", "created_at", "started_at", "finished_at", "exit_code", "signal", "error", "resources",
                    "labels", "node", "usage", "cause", "attempt", "cost", "billing",
                ])
            #expect(try #require(fields["cost"] as? Double) >= 0)
            #expect(job.string("name") == id)
            #expect(job.string("labels.team") == "a")
            #expect(job.string("resources.instance_type") == "standard")
            #expect(job.int("resources.gpu_count") == 2)
            let parameters = try #require(job["resources.custom_params"] as? [String: Any])
            #expect((parameters["k"] as? [Any])?.count == 2)
            #expect(try #require(job["usage.wall_seconds"] as? Double) >= 0)
            let times = try ["created_at", "started_at", "finished_at"].map { try #require(job.string($0)) }
            #expect(times == times.sorted())
            for time in times { #expect(time.wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/) != nil, "\(time)") }
        }
    }

    @Test("a job's events tell its life in order, and nothing of its code")
    func events() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("echo secret-code")
            _ = try await platform.ended(id)
            let answer = try await platform.get("/v1/jobs/\(id)/events")
            let events = try #require(answer["events"] as? [[String: Any]])
            #expect(events.compactMap { $0["event"] as? String } == ["submitted", "process_started", "process_exited"])
            #expect(!answer.text.contains("secret-code"))
        }
    }

    @Test("usage sums what ran")
    func usage() async throws {
        try await TestPlatform.run { platform in
            _ = try await platform.ended(try await platform.submit("true"))
            _ = try await platform.ended(try await platform.submit("false"))
            let usage = try await platform.get("/v1/usage")
            #expect(usage.int("jobs.succeeded") == 1)
            #expect(usage.int("jobs.failed") == 1)
            #expect(usage.int("jobs.running") == 0)
        }
    }

    @Test("dependencies are refused where there is nothing to install them from, never ignored")
    func dependencies() async throws {
        try await TestPlatform.run { platform in
            let answer = try await platform.post("/v1/jobs", #"{"code": "1", "dependencies": ["numpy"]}"#)
            #expect(answer.status == 422)
            #expect(try #require(answer.string("error.message")).contains("dependencies: this platform has no packages"))
        }
    }
}
