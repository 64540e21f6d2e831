import Foundation
import ProcessSpawn
import Recording
import Testing

@testable import ConnectorHost

@Suite struct EndTests {
    @Test("a call that stalls ends with the connector's line and what it waits in, and its processes are gone")
    func hang() async throws {
        let source = connectorSource(
            """
            def get_logs(self, job_id):
                import subprocess
                self.child = subprocess.Popen(["sleep", "600"], start_new_session=True)
                with open(os.environ["TMPDIR"] + "/../pid", "w") as file: file.write(str(self.child.pid))
                return self.wait()
            def wait(self):
                import queue
                return queue.Queue().get()
            """)
        try await withSession(source) { session async throws in
            let answer = try await session.call(GuestCall("get_logs", on: "main", [.init("job_id", "j")]), within: .seconds(2))
            guard case .timedOut(let stacks) = answer.outcome else {
                Issue.record("\(answer.outcome)")
                return
            }
            let lines = stacks.split(separator: "\n")
            #expect(lines.count == 3, "\(stacks)")
            #expect(lines.first?.hasPrefix("acme.py:") == true && lines.first?.hasSuffix(" get_logs") == true)
            #expect(lines[1].hasSuffix(" wait"))
            #expect(lines.last?.hasPrefix("waits in ") == true && lines.last?.contains("queue.py") == true)
            let text = try String(contentsOfFile: "\(session.temporaryFolder)/../pid", encoding: .utf8)
            let pid = try #require(Int32(text))
            #expect(processEntry(pid)?.hasEnded ?? true)
            #expect(try await session.outcome("get_logs", "j") == .died(how: "the session was ended after a call that stalled"))
        }
    }

    @Test(
        "a process that ends during a call is told with how",
        arguments: [
            ("os._exit(3)", "the Python process exited with code 3"),
            ("os.kill(os.getpid(), 9)", "the Python process was killed by SIGKILL"),
            ("__import__('ctypes').string_at(0)", "the Python process was killed by SIGSEGV"),
        ])
    func dies(_ code: String, _ how: String) async throws {
        try await withSession(connectorSource("def authenticate(self): \(code)")) { session async throws in
            let first = try await session.outcome("authenticate")
            let second = try await session.outcome("authenticate")
            #expect(first == .died(how: how))
            #expect(second == first)
            #expect(session.endedBecause == how)
        }
    }

    @Test("globals of the module do not leak from session to session")
    func isolation() async throws {
        let source = connectorSource("def get_logs(self, x):\n    SEEN.append(x)\n    return list(SEEN)", head: "SEEN = []\nimport random")
        let project = try Project(["acme.py": source])
        let host = try await startHost(project)
        #expect(host.forksSessions)
        for text in ["a", "b"] {
            let session = try await host.openSession()
            _ = try await session.construct(credentials: .dict([]), within: patience)
            #expect(try await session.outcome("get_logs", .string(text)) == .returned(.list([.string(text)])))
        }
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test(
        "where a fork is not safe each session is a fresh process",
        arguments: [
            "import threading\nthreading.Thread(target=threading.Event().wait, daemon=True).start()", "sys.modules['grpc'] = sys",
            "import asyncio\nLOOP = asyncio.new_event_loop()", "import socket\nPAIR = socket.socketpair()", "ENDS = os.pipe()",
        ])
    func freshProcesses(_ head: String) async throws {
        let source = connectorSource(
            "def get_logs(self, x):\n    SEEN.append(x)\n    return [os.getppid(), len(SEEN)]\ndef authenticate(self): os._exit(4)",
            head: head + "\nSEEN = []")
        let project = try Project(["acme.py": source])
        let host = try await startHost(project)
        #expect(!host.forksSessions)
        for _ in 0..<2 {
            let session = try await host.openSession()
            _ = try await session.construct(credentials: .dict([]), within: patience)
            #expect(try await session.outcome("get_logs", "a") == .returned(.list([.int(Int(getpid())), 1])))
            #expect(try await session.outcome("authenticate") == .died(how: "the Python process exited with code 4"))
        }
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test("a shutdown leaves no process and no folder")
    func shutdown() async throws {
        let project = try Project(["acme.py": connectorSource()])
        let host = try await startHost(project)
        let first = try await host.openSession()
        let second = try await host.openSession()
        await host.shutdown()
        withExtendedLifetime(project) {}
        for session in [first, second] {
            #expect(processEntry(session.pid) == nil)
            #expect(!FileManager.default.fileExists(atPath: session.homeFolder))
            await #expect(throws: ConnectorHostError.self) { try await session.state(within: patience) }
        }
    }
}
