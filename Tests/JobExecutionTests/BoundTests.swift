import Foundation
import ProcessSpawn
import Testing

@testable import JobExecution

@Suite("The bounds of a job", .timeLimit(.minutes(5)))
struct BoundTests {
    @Test("a tree that needs more memory than its bound is ended, all of it", arguments: Accountings.here)
    func memory(accounting: Accounting) async throws {
        try await NodeUnderTest.with(accounting: accounting == .cgroup ? .auto : accounting) { node in
            // No single one is beyond the bound.
            let script = """
                import os, time
                for number in range(3):
                    if os.fork() == 0:
                        held = bytearray(b"x") * (50 << 20)
                        time.sleep(1000)
                time.sleep(1000)
                """
            node.python("job", script, bounds: JobBounds(memoryBytes: 100 << 20))
            let exit = try await node.exit("job")
            #expect(exit.boundHit == .memory)
            #expect(exit.signal == SIGKILL)
            #expect(exit.source == (accounting == .cgroup ? "cgroup" : "wait4+proc"))
            #expect(try #require(exit.maxRSSBytes) > 90 << 20)
            #expect(node.folder.liveProcesses(ofJob: "job") == [])
        }
    }

    @Test("one that is over before it is looked at is told all the same", arguments: Accountings.here)
    func shortMemory(accounting: Accounting) async throws {
        try await NodeUnderTest.with(accounting: accounting == .cgroup ? .auto : accounting) { node in
            node.python("job", "held = bytearray(b'x') * (80 << 20)", bounds: JobBounds(memoryBytes: 40 << 20))
            let exit = try await node.exit("job")
            #expect(exit.boundHit == .memory)
        }
    }

    @Test("a job within its bounds does not notice them", arguments: Accountings.here)
    func within(accounting: Accounting) async throws {
        try await NodeUnderTest.with(accounting: accounting) { node in
            let bounds = JobBounds(memoryBytes: 200 << 20, cpus: 1000, diskBytes: 50 << 20, logBytes: 1 << 20)
            let script = """
                import os
                for number in range(4):
                    if os.fork() == 0:
                        held = bytearray(b"x") * (10 << 20)
                        open("file%d" % number, "wb").write(held)
                        os._exit(0)
                for number in range(4): os.wait()
                print(len(os.sched_getaffinity(0)))
                """
            node.python("job", script, bounds: bounds)
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0)
            #expect(exit.boundHit == nil)
            #expect(try node.output("job") == "\(ownProcessors().count)\n")
        }
    }

    @Test("half a processor is half a processor, by cgroup", .enabled(if: Accountings.hasCgroups, "no cgroup is writable here"))
    func quota() async throws {
        try await NodeUnderTest.with { node in
            let script = "import time\nwhile time.process_time() < 0.4: pass"
            node.python("job", script, bounds: JobBounds(cpus: 0.5))
            let exit = try await node.exit("job")
            // However busy the machine is, it can only take longer.
            #expect(try #require(exit.wallSeconds) > 0.6)
            #expect(exit.source == "cgroup")
        }
    }

    @Test("without a cgroup, half a processor is one of them", .enabled(if: ownProcessors().count > 1, "there is one processor"))
    func affinity() async throws {
        try await NodeUnderTest.with(accounting: .wait4) { node in
            for job in ["a", "b"] {
                node.python(job, "import os\nprint(*os.sched_getaffinity(0))", bounds: JobBounds(cpus: 0.5))
                #expect(try await node.exit(job).source == "wait4")
            }
            let (first, second) = (try node.output("a"), try node.output("b"))
            #expect(first.split(separator: " ").count == 1 && second.split(separator: " ").count == 1)
            #expect(first != second)
        }
    }

    @Test(
        "a job that fills its disk bound is ended",
        arguments: [
            // One huge file, after which it goes on; many small ones; one in a deep folder with a name that is no UTF-8.
            "head -c 50000000 /dev/zero > big; sleep 1000",
            "n=0; while :; do n=$((n + 1)); head -c 100000 /dev/zero > small$n; done",
            "mkdir -p a/b; cd a/b; d=$(printf 'x\\377'); mkdir \"$d\"; n=0; while [ $n -lt 20 ]; do n=$((n + 1)); head -c 1000000 /dev/zero > \"$d/$n\"; done; sleep 1000",
            "while :; do head -c 100000 /dev/zero; done",
        ])
    func disk(script: String) async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", script, bounds: JobBounds(diskBytes: 10_000_000))
            let exit = try await node.exit("job")
            #expect(exit.boundHit == .disk)
            #expect(node.folder.liveProcesses(ofJob: "job") == [])
        }
    }

    @Test(
        "one that has failed at its disk bound, or ended beyond it, is told all the same",
        arguments: ["exec head -c 50000000 /dev/zero > big", "trap '' XFSZ; head -c 50000000 /dev/zero > big", "for n in 1 2 3; do head -c 6000000 /dev/zero > $n; done"])
    func shortDisk(script: String) async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", script, bounds: JobBounds(diskBytes: 10_000_000))
            let exit = try await node.exit("job")
            #expect(exit.boundHit == .disk)
        }
    }

    @Test("a job that logs far more than is kept, and than its disk bound is, ends well, and what is kept is what came first")
    func longLog() async throws {
        try await NodeUnderTest.with { node in
            let script = "echo first; head -c 67108864 /dev/zero | tr '\\0' x; echo kept >&2; exit 0"
            node.shell("job", script, bounds: JobBounds(diskBytes: 1_200_000, logBytes: 1 << 20))
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0)
            #expect(exit.boundHit == nil)
            let kept = try Data(contentsOf: URL(fileURLWithPath: node.folder.standardOutput(ofJob: "job")))
            #expect(kept.count == 1 << 20 + 1)
            #expect(kept.starts(with: Data("first\nxxx".utf8)))
            #expect(LogLimit.read(node.folder.logLimit(ofJob: "job")) == 1 << 20)
            #expect(try String(contentsOfFile: node.folder.standardError(ofJob: "job"), encoding: .utf8) == "kept\n")
        }
    }

    @Test("a long log is cut while the job runs")
    func longLogOfALiveJob() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "head -c 67108864 /dev/zero; touch over; exec sleep 1000", bounds: JobBounds(logBytes: 1 << 20))
            let size = { try Data(contentsOf: URL(fileURLWithPath: node.folder.standardOutput(ofJob: "job"))).count }
            while !FileManager.default.fileExists(atPath: node.folder.workFolder(ofJob: "job") + "/over") {
                try await Task.sleep(for: .milliseconds(2))
            }
            while try size() != 1 << 20 + 1 { try await Task.sleep(for: .milliseconds(2)) }
        }
    }

    @Test("a node marks in which order a running job's streams grow")
    func order() async throws {
        try await NodeUnderTest.with { node in
            node.shell("job", "while [ ! -s ../combined.index ]; do echo o; sleep 0.06; echo e >&2; sleep 0.06; done")
            let exit = try await node.exit("job")
            #expect(exit.exitCode == 0)
            #expect(!LogOrder.read(node.folder.logOrder(ofJob: "job")).isEmpty)
        }
    }
}
