import Recording
import Testing

@testable import ConnectorHost

@Suite struct EtiquetteTests {
    @Test("what the connector, its subprocesses and C code print never reaches the protocol, and is told")
    func prints() async throws {
        let source = connectorSource(
            """
            def authenticate(self):
                print("from print")
                os.write(1, b"from write\\n")
                os.system("echo from a process; echo to stderr >&2")
                sys.stderr.write("from sys.stderr\\n")
                return True
            """)
        try await withSession(source) { session async throws in
            #expect(try await session.outcome("authenticate") == .returned(true))
            let state = try await session.state(within: patience)
            for text in ["from print", "from write", "from a process"] { #expect(state.printedToStdout.contains(text)) }
            for text in ["to stderr", "from sys.stderr"] { #expect(state.printedToStderr.contains(text)) }
            #expect(state.logLines == [])
        }
    }

    @Test("what is printed at import is told by every session")
    func printsAtImport() async throws {
        let source = "import sys\nprint('hello')\nsys.stderr.write('from the import\\n')\n" + connectorSource("")
        try await withSession(source) { session async throws in
            let state = try await session.state(within: patience)
            #expect(state.printedToStdout == "hello\n")
            #expect(state.printedToStderr == "from the import\n")
        }
    }

    @Test("ordinary use of logging is never printing, and every record is kept")
    func logging() async throws {
        let source = connectorSource(
            """
            def authenticate(self):
                import logging, warnings
                log = logging.getLogger("acme")
                log.warning("before any handler")
                logging.basicConfig(level=logging.DEBUG)
                log.debug("a %s", "detail")
                own = logging.getLogger("own"); own.propagate = False; own.addHandler(logging.StreamHandler(sys.stdout))
                own.error("own handler")
                warnings.warn("careful")
                try:
                    raise ValueError("inner")
                except ValueError:
                    log.exception("failed")
                return True
            """)
        try await withSession(source) { session async throws in
            #expect(try await session.outcome("authenticate") == .returned(true))
            let state = try await session.state(within: patience)
            #expect(state.printedToStdout == "" && state.printedToStderr == "")
            #expect(state.logLines.prefix(3) == ["WARNING acme: before any handler", "DEBUG acme: a detail", "ERROR own: own handler"])
            #expect(state.logLines.count == 5)
            #expect(state.logLines.contains { $0.hasPrefix("WARNING py.warnings: ") && $0.contains("careful") })
            #expect(state.logLines.last?.contains("ValueError: inner") == true)
        }
    }

    @Test("threads, sockets and temporary files are counted")
    func counts() async throws {
        let source = connectorSource(
            """
            def authenticate(self):
                import socket, tempfile, threading
                self.kept = [socket.socket(), socket.socket(), tempfile.mkdtemp(), tempfile.NamedTemporaryFile()]
                self.stop = threading.Event()
                threading.Thread(target=self.stop.wait, daemon=True).start()
                return True
            """)
        try await withSession(source) { session async throws in
            let before = try await session.state(within: patience)
            #expect(before.threads == 1 && before.sockets == 0 && before.temporaryFiles == 0)
            _ = try await session.outcome("authenticate")
            let after = try await session.state(within: patience)
            #expect(after.threads == 2 && after.sockets == 2 && after.temporaryFiles == 2)
        }
    }

    @Test("a session beside another shares its home folder and its folder for temporary files, and is a process of its own")
    func besideAnother() async throws {
        let source = connectorSource("def get_logs(self, name): return [os.environ[name], os.getpid()]")
        let project = try Project(["acme.py": source])
        let host = try await startHost(project)
        let first = try await host.openSession()
        let second = try await host.openSession(beside: first)
        let third = try await host.openSession()
        for session in [first, second] {
            _ = try await session.construct(credentials: .dict([]), within: patience)
            for (name, folder) in [("HOME", first.homeFolder), ("TMPDIR", first.temporaryFolder)] {
                let pid = Value.int(Int(session.pid))
                #expect(try await session.outcome("get_logs", .string(name)) == .returned(.list([.string(folder), pid])), "\(name)")
            }
        }
        #expect(first.pid != second.pid && first.homeFolder != third.homeFolder && first.temporaryFolder != third.temporaryFolder)
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test("credentials, proxies and the home folder of the user do not reach the connector")
    func environment() async throws {
        let source = connectorSource("def get_logs(self, name): return os.environ.get(name)")
        let project = try Project(["acme.py": source])
        let user = ["PATH": "/usr/bin:/bin", "HOME": "/root", "AWS_SECRET_ACCESS_KEY": "s", "HTTPS_PROXY": "p", "TZ": "UTC", "LC_ALL": "C.UTF-8"]
        let host = try await startHost(project, environment: user)
        let session = try await host.openSession(environment: ["EXTRA": "1"], without: ["TZ"])
        _ = try await session.construct(credentials: .dict([]), within: patience)
        for (name, value) in [
            ("AWS_SECRET_ACCESS_KEY", Value.none), ("HTTPS_PROXY", .none), ("TZ", .none), ("EXTRA", "1"), ("LC_ALL", "C.UTF-8"),
            ("HOME", .string(session.homeFolder)), ("TMPDIR", .string(session.temporaryFolder)),
        ] {
            #expect(try await session.outcome("get_logs", .string(name)) == .returned(value), "\(name)")
        }
        await host.shutdown()
        withExtendedLifetime(project) {}
    }
}
