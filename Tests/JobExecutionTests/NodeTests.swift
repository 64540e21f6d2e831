import Foundation
import JobExecution
import ProcessSpawn
import Testing

@Suite("A node", .timeLimit(.minutes(5)))
struct NodeTests {
    @Test("runs a job in its own folder and session, and tells code, output and measures")
    func runsAJob() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job-1", "pwd; echo \"$WINDTUNNEL_JOB_ID $GIVEN $HOME\"; echo oops >&2; exit 3", environment: [("GIVEN", "a 'b'")])
            let exit = try await node.exit("job-1")
            #expect(exit.exitCode == 3)
            #expect(exit.signal == nil)
            #expect(try node.output("job-1") == "\(node.folder.workFolder(ofJob: "job-1"))\njob-1 a 'b' \n")
            #expect(try String(contentsOfFile: node.folder.standardError(ofJob: "job-1"), encoding: .utf8) == "oops\n")
            #expect(exit.wallSeconds != nil && exit.cpuUserSeconds != nil && exit.cpuSystemSeconds != nil)
            #expect((exit.maxRSSBytes == nil) == (exit.unknown["max_rss_bytes"] != nil))
            #expect(node.folder.storedExit(ofJob: "job-1") == exit)
        }
    }

    @Test("a short job's wall time is not less than the CPU time of its one thread")
    func wallTime() async throws {
        try await NodeUnderTest.with { node in
            for number in 1...20 {
                node.client.launch(JobLaunch(job: "job-\(number)", executable: "/bin/true"))
                let exit = try await node.exit("job-\(number)")
                let wall = try #require(exit.wallSeconds)
                #expect(wall > 0)
                // The system rounds each of the two CPU figures to microseconds.
                #expect(wall + 0.000_002 >= (exit.cpuUserSeconds ?? 0) + (exit.cpuSystemSeconds ?? 0))
                #expect(exit.endedAtMilliseconds >= exit.startedAtMilliseconds)
            }
        }
    }

    @Test("the folders that a launch names are there when the job starts")
    func folders() async throws {
        try await NodeUnderTest.with { node in
            node.client.launch(
                JobLaunch(
                    job: "job", executable: "/bin/sh", arguments: ["-c", "test -d tmp && test -d ../a/b/c && test -f ../a/file && touch tmp/x"],
                    environment: [("PATH", "/usr/bin:/bin")], files: [LaunchFile(path: "a/file", contents: [])],
                    folders: ["work/tmp", "a/b/c"]))
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0)
            node.client.launch(JobLaunch(job: "other", executable: "/bin/true", folders: ["work/../../escaped"]))
            let refusal = await node.next { if case .launchFailed("other", let message) = $0 { message } else { nil } }
            #expect(refusal == "\"work/../../escaped\" leads out of the job's folder")
        }
    }

    @Test("measures the peak memory of a job that is larger than the node")
    func memory() async throws {
        try await NodeUnderTest.with { node in
            node.shell("big", "head -c 60000000 /dev/zero | tail -c 59000000 | wc -c")
            let exit = try await node.exit("big")
            #expect(try node.output("big").trimmingCharacters(in: .whitespacesAndNewlines) == "59000000")
            #expect(try #require(exit.maxRSSBytes) > 50_000_000)
        }
    }

    @Test("a program that does not exist is a failed launch that names it, also when asked again")
    func launchFailure() async throws {
        try await NodeUnderTest.with { node in
            for _ in 1...2 {
                node.client.launch(JobLaunch(job: "none", executable: "/nowhere/tool"))
                let message = await node.next { if case .launchFailed("none", let message) = $0 { message } else { nil } }
                #expect(message == "cannot run /nowhere/tool: No such file or directory")
            }
        }
    }

    @Test("a job id or file that leads out of the folder is refused", arguments: ["../x", "", ".hidden", "a/b"])
    func confinement(name: String) async throws {
        try await NodeUnderTest.with { node in
            node.shell(name, "true")
            node.client.launch(JobLaunch(job: "ok", executable: "/bin/true", files: [LaunchFile(path: "../escaped", contents: [])]))
            let refused = await node.next { if case .launchFailed(name, _) = $0 { true } else { nil } }
            let escaped = await node.next { if case .launchFailed("ok", let message) = $0 { message } else { nil } }
            #expect(refused == true)
            #expect(escaped == "\"../escaped\" leads out of the job's folder")
        }
    }

    @Test("TERM ends a job that heeds it, and the exit names the signal")
    func terminate() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "exec sleep 1000")
            _ = try await node.started("job")
            node.client.signal(job: "job", .terminate)
            #expect(try await node.exit("job").signal == SIGTERM)
        }
    }

    @Test("a job that ignores TERM runs on until KILL")
    func ignoresTerm() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "trap 'echo ignored' TERM; echo ready; while :; do sleep 0.05; done")
            try await node.printed("ready", by: "job")
            node.client.signal(job: "job", .terminate)
            try await node.printed("ignored", by: "job")
            node.client.signal(job: "job", .kill)
            #expect(try await node.exit("job").signal == SIGKILL)
        }
    }

    @Test("children that left the session and ignore TERM are gone once the exit is told", arguments: [true, false])
    func daemons(isKilled: Bool) async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", Self.daemonScript + (isKilled ? "sleep 1000" : "exit 0"))
            if isKilled {
                try await node.printed("daemon", by: "job")
                #expect(node.folder.liveProcesses(ofJob: "job").count >= 3)
                node.client.signal(job: "job", .kill)
            }
            let exit = try await node.exit("job")
            #expect(isKilled ? exit.signal == SIGKILL : exit.exitCode == 0)
            #expect(exit.killedDescendants > 0 || isKilled)
            #expect(node.folder.liveProcesses(ofJob: "job") == [])
            #expect(sleepers(node).isEmpty)
        }
    }

    @Test("a job that keeps forking neither keeps the node from its other work nor outlives KILL")
    func forkingJob() async throws {
        try await NodeUnderTest.with { node in
            node.shell("bomb", Self.forkingScript)
            try await node.printed("ready", by: "bomb")
            node.client.signal(job: "bomb", .terminate)
            // Done in the middle of it, not when the forking is over.
            node.shell("other", "exit 3")
            #expect(try await node.exit("other").exitCode == 3)
            #expect(!FileManager.default.fileExists(atPath: node.folder.workFolder(ofJob: "bomb") + "/over"))
            node.client.signal(job: "bomb", .kill)
            #expect(try await node.exit("bomb").signal == SIGKILL)
            #expect(!FileManager.default.fileExists(atPath: node.folder.workFolder(ofJob: "bomb") + "/over"))
            #expect(node.folder.liveProcesses(ofJob: "bomb") == [])
            #expect(sleepers(node).isEmpty)
        }
    }

    @Test("one job's daemon does not end with another job")
    func daemonOfAnother() async throws {
        try await NodeUnderTest.with { node in
            node.shell("keeps", Self.daemonScript + "sleep 1000")
            try await node.printed("daemon", by: "keeps")
            node.shell("ends", "true")
            #expect(try await node.exit("ends").killedDescendants == 0)
            #expect(node.folder.liveProcesses(ofJob: "keeps").count >= 3)
        }
    }

    @Test("a daemon that also wiped its environment is gone with the only job")
    func anonymousDaemon() async throws {
        try await NodeUnderTest.with { node in
            let daemon = "(setsid env -i /bin/sh -c '(trap \"\" TERM; exec /bin/sleep 98765) & echo daemon' &)"
            node.shell("job", daemon + "; while ! grep -q daemon ../stdout; do sleep 0.01; done")
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0)
            #expect(sleepers(node).isEmpty)
        }
    }

    @Test("a daemon that wiped its environment ends with its own job, while another runs")
    func anonymousDaemonAmongOthers() async throws {
        try await NodeUnderTest.with { node in
            node.shell("other", "echo ready; exec sleep 1000")
            try await node.printed("ready", by: "other")
            let daemon = "(setsid env -i /bin/sh -c 'trap \"\" TERM; echo daemon; exec /bin/sleep 98765' >../out 2>&1 &)"
            node.shell("job", daemon + "; while ! grep -q daemon ../out; do sleep 0.01; done")
            let exit = try await node.exit("job")
            #expect(exit.killedDescendants == 1)
            #expect(sleepers(node).count == 1)  // the other job
        }
    }

    @Test("a gate holds until it is opened, for a reader of one byte and a reader to the end", arguments: ["head -c 1", "cat"])
    func gate(reader: String) async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "echo waiting; \(reader) \"$WINDTUNNEL_GATE\" >/dev/null; echo passed", gated: true)
            try await node.printed("waiting", by: "job")
            // Another job's whole life goes by, and the gate still holds.
            node.shell("other", "sleep 0.1")
            _ = try await node.exit("other")
            #expect(try node.output("job") == "waiting\n")
            node.client.openGate(job: "job")
            #expect(try await node.exit("job").exitCode == 0)
            #expect(try node.output("job") == "waiting\npassed\n")
        }
    }

    @Test("a gate that was opened before the job came to it lets it pass", arguments: ["head -c 1", "cat"])
    func earlyGate(reader: String) async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "while [ ! -e go ]; do sleep 0.01; done; \(reader) \"$WINDTUNNEL_GATE\" >/dev/null; echo passed", gated: true)
            _ = try await node.started("job")
            node.client.openGate(job: "job")
            _ = try await node.client.report()  // the node has done what came before
            #expect(FileManager.default.createFile(atPath: node.folder.workFolder(ofJob: "job") + "/go", contents: nil))
            #expect(try await node.exit("job").exitCode == 0)
            #expect(try node.output("job") == "passed\n")
        }
    }

    @Test("a job launched again does not run again, neither live nor ended")
    func launchedTwice() async throws {
        try await NodeUnderTest.with { node in
            let script = "echo ran; while [ ! -e go ]; do sleep 0.01; done"
            node.shell("job", script)
            let first = try await node.started("job")
            node.shell("job", script)
            #expect(try await node.started("job") == first)
            #expect(FileManager.default.createFile(atPath: node.folder.workFolder(ofJob: "job") + "/go", contents: nil))
            let exit = try await node.exit("job")
            node.shell("job", script)
            #expect(try await node.exit("job") == exit)
            #expect(try node.output("job") == "ran\n")
        }
    }

    @Test("the report names running and ended jobs, until they are forgotten")
    func report() async throws {
        try await NodeUnderTest.with { node in
            node.shell("b", "exec sleep 1000")
            node.shell("a", "exit 4")
            let pid = try await node.started("b")
            let exit = try await node.exit("a")
            let entries = try await node.client.report()
            #expect(entries.map(\.job) == ["a", "b"])
            #expect(entries.first?.state == .ended(exit))
            if case .running(pid, _) = entries.last?.state {} else { Issue.record("\(entries)") }
            node.client.forget(job: "a")
            #expect(try await node.client.report().map(\.job) == ["b"])
            #expect(node.folder.storedExit(ofJob: "a") == nil)
            #expect(try node.output("a") == "")
        }
    }

    @Test("stop asks the jobs to end, tells their exits, and leaves neither node nor job")
    func stop() async throws {
        try await NodeUnderTest.with { node in
            node.shell("heeds", "trap 'exit 9' TERM; echo ready; while :; do sleep 0.01; done")
            node.shell("ignores", "trap '' TERM; echo ready; while :; do sleep 0.01; done")
            try await node.printed("ready", by: "heeds")
            try await node.printed("ready", by: "ignores")
            let pid = node.client.pid
            await node.client.stop(graceSeconds: 0.5)
            #expect(try await node.exit("heeds").exitCode == 9)
            #expect(try await node.exit("ignores").signal == SIGKILL)
            #expect(processEntry(pid) == nil)
            #expect(node.folder.liveProcesses(ofJob: "ignores") == [])
        }
    }

    /// Double-forks a process out of the session that ignores TERM, and goes on once that one lives.
    private static let daemonScript = """
        (setsid /bin/sh -c 'trap "" TERM; (setsid /bin/sleep 98765) & echo daemon; exec /bin/sleep 98765' &)
        while ! grep -q daemon ../stdout; do sleep 0.01; done

        """

    /// Forks processes that ignore TERM into sessions of their own, but not for ever: a failing test must not take the machine down.
    private static let forkingScript = """
        trap '' TERM
        fork() { n=0; while [ $n -lt 20000 ]; do n=$((n + 1)); (setsid sleep 0.2 &); [ $n -ne 50 ] || echo ready; done; }
        fork & fork & wait
        touch over
        """

    /// Daemons of these tests that live below this test's node.
    private func sleepers(_ node: NodeUnderTest) -> [ProcessEntry] {
        allProcesses().filter { !$0.hasEnded && $0.parent == node.client.pid }
    }
}
