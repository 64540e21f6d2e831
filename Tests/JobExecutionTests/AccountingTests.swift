import Foundation
import ProcessSpawn
import Testing

@testable import JobExecution

/// Which ways of measuring this machine lets us test.
enum Accountings {
    static let hasCgroups = CgroupPlace.find() != nil
    static let here: [Accounting] = hasCgroups ? [.cgroup, .wait4] : [.wait4]
}

@Suite("What a node measures", .timeLimit(.minutes(5)))
struct AccountingTests {
    @Test("CPU, memory and bytes of a job and its children are those that it used", arguments: Accountings.here)
    func figures(accounting: Accounting) async throws {
        try await NodeUnderTest.with(accounting: accounting) { node in
            node.python("job", Self.burning)
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0, "\(exit)")
            #expect(exit.source == (accounting == .cgroup ? "cgroup" : "wait4"))
            // Three processes burn 0.2 s each, by their own account.
            let cpu = try #require(exit.cpuUserSeconds) + (try #require(exit.cpuSystemSeconds))
            #expect(cpu > 0.59 && cpu < 5, "\(cpu)")
            // Two children hold 60 MiB each, at once: the tree has both, the largest process one.
            let peak = try #require(exit.maxRSSBytes)
            #expect(peak > (accounting == .cgroup ? 120 : 60) << 20 && peak < 400 << 20, "\(peak)")
            // Each child writes 3 MiB and reads 2 MiB.
            let written = try #require(exit.writtenBytes)
            #expect(written >= 6 << 20 && written < 7 << 20, "\(written)")
            let read = try #require(exit.readBytes)
            #expect(read >= 4 << 20 && read < 12 << 20, "\(read)")
        }
    }

    @Test("what a process wrote that outlived its parent counts too")
    func orphan() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "(setsid sh -c 'head -c 3000000 /dev/zero > big; touch done' &); while [ ! -e done ]; do sleep 0.01; done")
            let exit = try await node.exit("job")
            if let written = exit.writtenBytes {
                #expect(written >= 3_000_000)
            } else {
                #expect(exit.unknown["written_bytes"] == "the system does not tell what a process read and wrote that outlived its parent")
            }
        }
    }

    @Test("what a daemon used that left its job counts for that job, beside others too")
    func daemonBesideOthers() async throws {
        try await NodeUnderTest.with(accounting: .wait4) { node in
            node.shell("other", "echo ready; exec sleep 1000")
            try await node.printed("ready", by: "other")
            node.python("job", Self.daemon)
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0)
            let cpu = try #require(exit.cpuUserSeconds) + (try #require(exit.cpuSystemSeconds))
            #expect(cpu > 0.39, "\(cpu)")
            #expect(try #require(exit.writtenBytes) >= 3 << 20)
        }
    }

    @Test("a cgroup measures each job when asked to, and is gone with it", .enabled(if: Accountings.hasCgroups, "no cgroup is writable here"))
    func groupsGo() async throws {
        try await NodeUnderTest.with(accounting: .cgroup) { node in
            node.shell("a", "echo ready; exec sleep 1000")
            node.shell("b", "true")
            try await node.printed("ready", by: "a")
            #expect(try await node.exit("b").source == "cgroup")
            let places = try places(node)
            #expect(!places.isEmpty)
            #expect(places.contains { FileManager.default.fileExists(atPath: "\($0)/job-a") })
            node.client.signal(job: "a", .kill)
            #expect(try await node.exit("a").signal == SIGKILL)
            _ = try await node.client.report()
            for place in places {
                let left = try FileManager.default.contentsOfDirectory(atPath: place).filter { $0.hasPrefix("job-") }
                #expect(left == [])
            }
            await node.client.stop(graceSeconds: 0)
            for place in places { #expect(!FileManager.default.fileExists(atPath: place)) }
        }
    }

    @Test("a dead node's cgroups go, with what still runs in them", .enabled(if: Accountings.hasCgroups, "no cgroup is writable here"))
    func deadNode() async throws {
        try await NodeUnderTest.with(accounting: .cgroup) { node in
            // Nothing but the cgroup tells whose this daemon is.
            let daemon = "cd /; (setsid env -i /bin/sh -c '(echo daemon; exec /bin/sleep 98765 >/dev/null 2>&1) &' &)"
            node.shell("job", daemon + "; exec sleep 1000")
            try await node.printed("daemon", by: "job")
            let places = try places(node)
            let pids = places.flatMap { JobCgroup.pids(in: "\($0)/job-job") }
            #expect(Set(pids).count == 2)
            #expect(kill(node.client.pid, SIGKILL) == 0)
            _ = await node.next { if case .connectionLost = $0 { true } else { nil } }
            try await node.reconnect()
            for place in places { #expect(!FileManager.default.fileExists(atPath: place)) }
            for pid in pids { #expect(processEntry(pid)?.hasEnded != false) }
        }
    }

    private func places(_ node: NodeUnderTest) throws -> [String] {
        try String(contentsOfFile: node.folder.path + "/cgroups", encoding: .utf8).split(separator: "\n").map { String($0) }
    }

    /// Leaves its job by the usual two forks, burns 0.4 s, and is over before the job.
    private static let daemon = """
        import os, time
        over, tell = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork(): os._exit(0)
            end = time.process_time() + 0.4
            while time.process_time() < end: pass
            with open("out", "wb") as file: file.write(bytes(3 << 20))
            os._exit(0)
        os.wait()
        os.close(tell)
        os.read(over, 1)
        """

    private static let burning = """
        import os, time
        def burn():
            end = time.process_time() + 0.2
            while time.process_time() < end: pass
        ready, go = os.pipe(), os.pipe()
        for number in range(2):
            if os.fork() == 0:
                os.close(go[1])
                held = bytearray(b"x") * (60 << 20)
                with open("out%d" % number, "wb") as file: file.write(bytes(3 << 20))
                with open("/dev/zero", "rb", 0) as zeros: zeros.read(2 << 20)
                burn()
                os.write(ready[1], b".")
                os.read(go[0], 1)
                os._exit(0)
        burn()
        for number in range(2): os.read(ready[0], 1)
        os.close(go[1])
        for number in range(2): os.wait()
        """
}
