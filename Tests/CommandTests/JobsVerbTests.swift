import Foundation
import TestedProgram
import Testing

@Suite("windtunnel jobs, env and run")
struct JobsVerbTests {
    @Test("list, show and logs say the same of a live server and of its folder afterwards")
    func liveAndStored() async throws {
        let folder = try Folder()
        var live: [String] = []
        var id = ""
        func answers() async throws -> [String] {
            var all: [String] = []
            for verb in [["list", "--format", "json"], ["list"], ["show", id], ["show", id, "--format", "json"]] {
                let ended = try await run(TestedProgram.path, ["jobs"] + verb + ["--state", "state"], in: folder)
                #expect(ended.code == 0)
                #expect(ended.errors == "")
                all.append(ended.output)
            }
            let logs = try await windtunnel("jobs", "logs", id, "--stream", "stdout", "--state", "state", in: folder)
            #expect(logs.output == "hello\n")
            return all
        }
        try await Server.with(folder) { server in
            id = try await server.submit("echo hello; exit 3", "shell", ["name": "greeting"])
            _ = try await server.wait(id)
            live = try await answers()
        }
        #expect(try await answers() == live)
        #expect(live[1].contains("greeting"))
        #expect(live[2].contains(/measured by +(wait4|cgroup)/), "\(live[2])")
    }

    @Test("a job that was ended for a limit says which, and what it cost; quotas of serve hold for its tokens")
    func limitAndQuota() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, "--quota", "running-jobs=1")
        let first = try await server.submit("exec sleep 600")
        let refused = try await server.request("POST", "/v1/jobs", #"{"code": "1"}"#)
        #expect(refused.status == 429)
        #expect(refused.errorCode == "quota_exceeded")
        _ = try await server.request("POST", "/v1/jobs/\(first)/cancel")
        _ = try await server.wait(first)
        let id = try await server.submit("exec sleep 600", "shell", ["resources": ["max_runtime_hours": 0.0001]])
        _ = try await server.wait(id)
        let shown = try await windtunnel("jobs", "show", id, "--state", "state", in: folder).output
        #expect(shown.contains("time_limit: max_runtime_hours: ran longer than 0.0001 h (0.36 s)"))
        #expect(shown.contains(/cost +0\.\d{6} USD \(simulated\)/))
        #expect(try await windtunnel("jobs", "list", "--state", "state", in: folder).output.contains("time_limit"))
        #expect(await server.end(SIGTERM) == 0)
    }

    @Test("a quota that cannot be read is refused by name", arguments: [
        ("jobs=1", "--quota has no 'jobs=1'; it is running-jobs=2,cpu-seconds=10,cost=1.5, or some of these"),
        ("cost=x", "--quota cost must have a number, 0 or more: cost=2"),
        ("running-jobs=1.5", "--quota running-jobs is 1.5; it must be a whole number, 0 to 2147483647"),
    ])
    func badQuota(quota: String, complaint: String) async throws {
        let ended = try await windtunnel("serve", "--quota", quota, in: try Folder())
        #expect(ended.code == 2)
        #expect(ended.complaint == complaint)
    }

    @Test("logs --follow goes on until the job's end, and of a folder without a server shows what there is")
    func follow() async throws {
        let folder = try Folder()
        var id = ""
        try await Server.with(folder) { server in
            let job = try await server.submit("echo first; while [ ! -e \"$HOME/go\" ]; do sleep 0.01; done; echo last")
            id = job
            try await server.wait(job, hasWritten: "first")
            async let followed = windtunnel("jobs", "logs", job, "--follow", "--state", "state", in: folder)
            try Data().write(to: URL(fileURLWithPath: "\(folder.path)/state/jobs/\(job)/work/go"))
            let ended = try await followed
            #expect(ended.code == 0)
            #expect(ended.output == "first\nlast\n")
            let unknown = try await windtunnel("jobs", "logs", "job-0", "--follow", "--state", "state", in: folder)
            #expect(unknown.code == 2 && unknown.complaint == "there is no job \"job-0\"")
        }
        #expect(try await windtunnel("jobs", "logs", id, "--follow", "--state", "state", in: folder).output == "first\nlast\n")
    }

    @Test("logs --follow whose server goes away says so in plain words, behind what came")
    func followBreaksOff() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder)
        let id = try await server.submit("echo first; exec sleep 600")
        try await server.wait(id, hasWritten: "first")
        let out = "\(folder.path)/out"
        async let followed = run(
            "/bin/sh", ["-c", "exec '\(TestedProgram.path)' jobs logs \(id) --follow --state state > '\(out)'"], in: folder)
        _ = try await poll("the log comes") { folder.read("out").contains("first") ? true : nil }
        #expect(await server.end(SIGTERM) == 0)
        let ended = try await followed
        #expect(ended.code == 2)
        #expect(ended.complaint == "the connection to the server was lost before the log of \(id) came to its end")
        #expect(folder.read("out") == "first\n")
    }

    @Test("logs of a folder without a server are read where the jobs lie: no node is asked for, and nothing is made there")
    func logsWithoutNodes() async throws {
        let folder = try Folder()
        var id = ""
        try await Server.with(folder) { server in
            id = try await server.submit("echo kept")
            _ = try await server.wait(id)
        }
        let nodes = folder.path + "/state/nodes"
        try FileManager.default.removeItem(atPath: nodes)
        let logs = try await windtunnel("jobs", "logs", id, "--state", "state", in: folder)
        #expect(logs.output == "kept\n", "\(logs.errors)")
        #expect(!FileManager.default.fileExists(atPath: nodes))
        // A state folder that was kept without what its jobs wrote.
        try FileManager.default.removeItem(atPath: folder.path + "/state/jobs")
        let gone = try await windtunnel("jobs", "logs", id, "--state", "state", in: folder)
        #expect(gone.code == 0 && gone.output == "")
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/state/jobs"))
    }

    @Test("cancel ends a job of a live server, and says so")
    func cancel() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let id = try await server.submit("exec sleep 1000")
            _ = try await server.wait(id, ["running"])
            let cancelled = try await windtunnel("jobs", "cancel", id, "--state", "state", in: folder)
            #expect(cancelled.output == "\(id) is being cancelled\n")
            #expect(try await server.wait(id).jobStatus == "cancelled")
            #expect(try await windtunnel("jobs", "cancel", id, "--state", "state", in: folder).output == "\(id) had ended\n")
        }
    }

    @Test("env points a shell at the server, and is refused where none runs")
    func env() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let lines = try await windtunnel("env", "--state", "state", in: folder).output.split(separator: "\n")
            #expect(lines.contains("export WINDTUNNEL_ENDPOINT=\(server.ready.endpoint)"))
            #expect(lines.contains("export WINDTUNNEL_TOKEN=\(server.ready.token)"))
            let answer = try await windtunnel(
                "jobs", "list", in: folder, environment: ["WINDTUNNEL_ENDPOINT": server.ready.endpoint, "WINDTUNNEL_TOKEN": server.ready.token])
            #expect(answer.output == "no jobs\n")
        }
        let refused = try await windtunnel("env", "--state", "state", in: folder)
        #expect(refused.code == 2)
        #expect(refused.complaint == "no server runs on the state folder state; start one with 'windtunnel serve --state state'")
    }

    @Test("run points a command at a platform of its own, and has the command's exit code")
    func runCommand() async throws {
        let folder = try Folder()
        let ended = try await windtunnel("run", "--", "sh", "-c", "test -n \"$WINDTUNNEL_ENDPOINT$WINDTUNNEL_TOKEN\" && exit 5", in: folder)
        #expect(ended.code == 5)
        #expect(try await windtunnel("run", "--", "sh", "-c", "kill -9 $$", in: folder).code == 137)
        #expect(processes(with: folder.path) == [])
    }

    @Test("a job, a server or a folder that is not there is one line")
    func missing() async throws {
        let folder = try Folder()
        let none = try await windtunnel("jobs", "list", "--state", "nowhere", in: folder)
        #expect(none.code == 2)
        #expect(none.complaint == "nowhere holds no history; name a state folder with --state, or a server with --endpoint")
        let nobody = try await windtunnel("jobs", "list", "--endpoint", "http://127.0.0.1:1", "--token", "t", in: folder)
        #expect(nobody.code == 2)
        #expect(
            nobody.complaint
                == "nobody listens at http://127.0.0.1:1; start a platform with \"windtunnel serve\", or give the endpoint of one that runs")
        try await Server.with(folder) { _ in
            let job = try await windtunnel("jobs", "show", "job-0", "--state", "state", in: folder)
            #expect(job.code == 2)
            #expect(job.complaint == "there is no job \"job-0\"")
        }
    }
}
