import Foundation
import ProcessSpawn
import Testing

@testable import JobExecution

@Suite("What a node survives", .timeLimit(.minutes(5)))
struct SurvivalTests {
    @Test("a job that leaves 200 children behind leaves none", arguments: Accountings.here)
    func manyChildren(accounting: Accounting) async throws {
        try await NodeUnderTest.with(accounting: accounting) { node in
            node.shell("job", "n=0; while [ $n -lt 200 ]; do n=$((n + 1)); sleep 1000 & done; exit 4")
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 4)
            #expect(exit.killedDescendants == 200)
            #expect(node.folder.liveProcesses(ofJob: "job") == [])
        }
    }

    @Test("a job that multiplies in sessions of their own is gone with KILL", arguments: Accountings.here)
    func forkBomb(accounting: Accounting) async throws {
        try await NodeUnderTest.with(accounting: accounting) { node in
            // Neither for ever nor without bound: it must not take the machine down, however late it is killed.
            let script = """
                import os, signal, time
                signal.signal(signal.SIGCHLD, signal.SIG_IGN)
                made = 0
                while made < 2000:
                    if made == 20: print("ready", flush=True)
                    made += 1
                    if os.fork() == 0:
                        os.setsid()
                        if os.fork() == 0: time.sleep(0.2)
                        os._exit(0)
                    if made % 20 == 0: time.sleep(0.02)
                time.sleep(600)
                """
            node.python("job", script)
            try await node.printed("ready", by: "job")
            node.client.signal(job: "job", .kill)
            #expect(try await node.exit("job").signal == SIGKILL)
            #expect(node.folder.liveProcesses(ofJob: "job") == [])
            #expect(!allProcesses().contains { $0.parent == node.client.pid })
        }
    }

    @Test("a job that closes its output runs to its end")
    func closedOutput() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "echo before; exec >&- 2>&-; sleep 0.1; exit 7", bounds: JobBounds(logBytes: 1 << 20))
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 7)
            #expect(try node.output("job") == "before\n")
        }
    }

    @Test("a launch without descriptors waits for the end of another job, in order; where none runs it is refused with the reason", .enabled(if: access("/usr/bin/prlimit", X_OK) == 0, "there is no prlimit"))
    func descriptors() async throws {
        try await NodeUnderTest.with { node in
            let open = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(node.client.pid)/fd").count
            try limitDescriptors(of: node, to: open + 24)
            var launched: [String] = []
            while try await waiting(node).isEmpty, launched.count < 100 {
                launched.append("job-\(launched.count)")
                node.shell("job-\(launched.count - 1)", "exec sleep 1000")
            }
            #expect((2..<100).contains(launched.count))
            node.shell("later", "exec sleep 1000")
            let last = try #require(launched.last)
            #expect(try await waiting(node) == [last, "later"])
            // The node still sees to those that run; what one of them gives back is for the first in the row.
            node.client.signal(job: "job-0", .kill)
            #expect(try await node.exit("job-0").signal == SIGKILL)
            _ = try await node.started(last)
            #expect(try await waiting(node) == ["later"])
            for job in launched.dropFirst() + ["later"] {
                if job == "later" { _ = try await node.started(job) }
                node.client.signal(job: job, .kill)
                #expect(try await node.exit(job).signal == SIGKILL)
            }
            // Now there is nothing to wait for.
            try limitDescriptors(of: node, to: open + 10)
            node.shell("never", "true")
            let refusal = await node.next { if case .launchFailed("never", let message) = $0 { message } else { nil } }
            #expect(refusal == "cannot run job never: Too many open files")
            try limitDescriptors(of: node, to: open + 24)
            node.shell("next", "exit 3")
            #expect(try await node.exit("next").exitCode == 3)
        }
    }

    @Test("nothing is lost while a node stands still")
    func stopped() async throws {
        try await NodeUnderTest.with { node in
            node.shell("a", "echo ready; while [ ! -e go ]; do sleep 0.01; done; exit 5")
            try await node.printed("ready", by: "a")
            #expect(kill(node.client.pid, SIGSTOP) == 0)
            #expect(FileManager.default.createFile(atPath: node.folder.workFolder(ofJob: "a") + "/go", contents: nil))
            node.shell("b", "exit 6")
            while !node.folder.liveProcesses(ofJob: "a").isEmpty { try await Task.sleep(for: .milliseconds(2)) }
            #expect(kill(node.client.pid, SIGCONT) == 0)
            #expect(try await node.exit("a").exitCode == 5)
            #expect(try await node.exit("b").exitCode == 6)
        }
    }

    /// What was launched and is not started yet.
    private func waiting(_ node: NodeUnderTest) async throws -> [String] {
        try await node.client.report().filter { $0.state == .queued }.map(\.job)
    }

    /// The soft limit, which may be raised again by whoever it is.
    private func limitDescriptors(of node: NodeUnderTest, to count: Int) throws {
        let words = ["--pid", "\(node.client.pid)", "--nofile=\(count):"]
        let process = try spawn(SpawnRequest(executable: "/usr/bin/prlimit", arguments: words))
        #expect(reap(pid: process.pid, blocking: true)?.ending == .code(0))
    }
}
