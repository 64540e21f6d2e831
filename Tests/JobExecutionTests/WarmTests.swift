import Foundation
import JobExecution
import ProcessSpawn
import Testing

@Suite("Warm jobs", .timeLimit(.minutes(5)))
struct WarmTests {
    @Test("one job leaves nothing to the next")
    func leaks() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let soil = """
                import builtins, os, random, signal, sys, time, gc
                random.seed(1)
                os.environ['LEAK'] = '1'; os.putenv('LEAK', '1')
                os.chdir('/')
                os.umask(0o777)
                f = open('/dev/null'); os.dup2(f.fileno(), 50); os.set_inheritable(50, True)
                signal.signal(signal.SIGTERM, signal.SIG_IGN); signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
                sys.path.append('/leak'); sys.modules['leak'] = sys; builtins.leak = 1; builtins.len = None
                sys.setrecursionlimit(123); gc.disable(); sys.stdout = None; os.nice(5)
                """
            let look = """
                import builtins, os, random, signal, sys, gc
                print(os.environ.get('LEAK'), os.system('env | grep LEAK'), os.getcwd().endswith('/work'), os.umask(0), os.path.exists('/proc/self/fd/50'))
                print(signal.getsignal(signal.SIGTERM), signal.pthread_sigmask(signal.SIG_BLOCK, []), '/leak' in sys.path, 'leak' in sys.modules)
                print(hasattr(builtins, 'leak'), len([1]), sys.getrecursionlimit(), gc.isenabled(), os.getpriority(os.PRIO_PROCESS, 0))
                """
            for (number, launcher) in [Launcher.cold, .warm].enumerated() {
                node.python("soil-\(number)", soil, .warm)
                _ = try await node.exit("soil-\(number)")
                node.python("look-\(number)", look, launcher)
                #expect(try await node.exit("look-\(number)").exitCode == 0)
            }
            #expect(try node.output("look-0") == (try node.output("look-1")))
        }
    }

    @Test("jobs draw different random numbers")
    func randomness() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            var drawn: Set<String> = []
            for number in 1...5 {
                node.python("job-\(number)", "import random, uuid, tempfile\nprint(random.random(), uuid.uuid4(), tempfile.mkdtemp(dir='.'))", .warm)
                _ = try await node.exit("job-\(number)")
                drawn.formUnion(try node.output("job-\(number)").split(separator: " ").map(String.init))
            }
            #expect(drawn.count == 15)
        }
    }

    @Test("a job that kills the interpreter harms no other, and a new one comes up")
    func killedZygote() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let zygote = try #require(node.zygotes.first)
            node.python("keeps", "import os\nprint('ready')\nopen(os.environ['WINDTUNNEL_GATE']).read(1)\nprint('on')", .warm, gated: true)
            try await node.printed("ready", by: "keeps")
            node.python("kills", "import os\nos.kill(\(zygote.pid), 9)", .warm)
            #expect(try await node.exit("kills").exitCode == 0)
            for number in 1...5 { node.python("next-\(number)", "print(1)", .warm) }
            for number in 1...5 { #expect(try await node.exit("next-\(number)").exitCode == 0) }
            try await node.warmUp()
            #expect(node.zygotes.count == 1 && node.zygotes.first?.pid != zygote.pid)
            node.client.openGate(job: "keeps")
            #expect(try await node.exit("keeps").exitCode == 0)
            #expect(try node.output("keeps") == "ready\non\n")
        }
    }

    @Test("an interpreter that is held still does not hold the node, and no job runs twice")
    func stoppedZygote() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let zygote = try #require(node.zygotes.first)
            kill(zygote.pid, SIGSTOP)
            node.python("job", "print('ran')", .warm)
            #expect(try await node.exit("job").exitCode == 0)
            #expect(try node.output("job") == "ran\n")
            try await node.warmUp()
        }
    }

    @Test("the interpreter is no job's: it outlives jobs, their signals and their strays")
    func notAJob() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let zygote = try #require(node.zygotes.first).pid
            node.python("asleep", "import time\nprint('ready')\ntime.sleep(1000)", .warm)
            try await node.printed("ready", by: "asleep")
            node.client.signal(job: "asleep", .terminate)
            #expect(try await node.exit("asleep").signal == SIGTERM)
            node.python("strays", "import os\nif os.fork() == 0:\n    os.setsid()\n    os.execve('/bin/sleep', ['sleep', '98765'], {})", .warm)
            #expect(try await node.exit("strays").exitCode == 0)
            #expect(node.zygotes.map(\.pid) == [zygote])
            let spares = node.spares.map(\.pid)
            #expect(allProcesses().filter { $0.parent == node.client.pid && !$0.hasEnded }.allSatisfy { ([zygote] + spares).contains($0.pid) })
        }
    }

    @Test("a warm job's tree, forks without an exec and outside its session included, is gone once its end is told", arguments: [true, false])
    func trees(isKilled: Bool) async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            node.python("other", "import time\nprint('ready')\ntime.sleep(1000)", .warm)
            try await node.printed("ready", by: "other")
            node.python("job", Self.forking + (isKilled ? "time.sleep(1000)" : ""), .warm)
            if isKilled {
                try await node.printed("forked", by: "job")
                #expect(node.folder.liveProcesses(ofJob: "job").count == 3)
                node.client.signal(job: "job", .kill)
            }
            let exit = try await node.exit("job")
            #expect(isKilled ? exit.signal == SIGKILL : exit.exitCode == 0)
            #expect(node.folder.liveProcesses(ofJob: "job") == [])
            #expect(node.folder.liveProcesses(ofJob: "other").count == 1)
        }
    }

    @Test("after the node's death nothing of warm jobs is left")
    func nodeDies() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let zygote = try #require(node.zygotes.first)
            node.python("job", Self.forking + "time.sleep(1000)", .warm)
            try await node.printed("forked", by: "job")
            let members = node.folder.liveProcesses(ofJob: "job")
            let spares = node.spares
            #expect(members.count == 3 && !spares.isEmpty)
            #expect(kill(node.client.pid, SIGKILL) == 0)
            _ = await node.next { if case .connectionLost = $0 { true } else { nil } }
            try await node.reconnect()
            #expect(node.client.reconciliation?.jobs.first { $0.job == "job" }?.outcome == .lost)
            for process in members + spares + [zygote] {
                #expect(awaitEnd(pid: process.pid, startTime: process.startTime, milliseconds: 10_000))
            }
        }
    }

    @Test("what only a fresh process can be is one", arguments: [[("PYTHONHASHSEED", "7")], [("LC_ALL", "C")], [("MALLOC_ARENA_MAX", "1")]])
    func fallsBack(environment: [(name: String, value: String)]) async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let code = "import sys\nprint(hash('a'), sys.flags.hash_randomization, sys.stdout.encoding)" + "\nprint(sys.getfilesystemencoding())"
            for (job, launcher) in [("cold", Launcher.cold), ("warm", .warm)] {
                node.python(job, code, launcher, environment: environment)
                #expect(try await node.exit(job).exitCode == 0)
            }
            if environment[0].name == "PYTHONHASHSEED" { #expect(try node.output("cold") == (try node.output("warm"))) }
            #expect(try node.output("cold").split(separator: " ").last == (try node.output("warm")).split(separator: " ").last)
        }
    }

    @Test("packages installed for the user of the job's home are found")
    func userSite() async throws {
        try await NodeUnderTest.with { node in
            try await node.warmUp()
            let place = "import site; print(site.getusersitepackages())"
            node.python("ask", place, .cold)
            _ = try await node.exit("ask")
            let folder = try node.output("ask").trimmingCharacters(in: .whitespacesAndNewlines).replacing("/ask/", with: "/job/")
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try "x = 5".write(toFile: folder + "/mine.py", atomically: true, encoding: .utf8)
            node.python("job", "import mine; print(mine.x)", .warm)
            #expect(try await node.exit("job").exitCode == 0)
            #expect(try node.output("job") == "5\n")
        }
    }

    /// Double-forks out of the session and the folder, with no exec, and goes on once that one lives; and forks within the session.
    private static let forking = """
        import os, signal, time
        settled, settle = os.pipe()
        if os.fork() == 0:
            os.setsid()
            if os.fork() == 0:
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                os.chdir('/')
                null = os.open('/dev/null', os.O_RDWR)
                for n in range(3): os.dup2(null, n)
                os.write(settle, b'.')
                time.sleep(1000)
            os._exit(0)
        os.wait()
        if os.fork() == 0:
            time.sleep(1000)
        os.read(settled, 1)
        print('forked')

        """
}
