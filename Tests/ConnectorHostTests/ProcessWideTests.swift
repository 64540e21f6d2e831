import Recording
import Testing

@testable import ConnectorHost

/// What a connector sees of its process, and may change of it.
@Suite struct ProcessWideTests {
    @Test("the program has a name, at the import and in a call")
    func programName() async throws {
        let source = connectorSource("def get_logs(self, x): return [PROGRAM, sys.argv[0]]", head: "PROGRAM = sys.argv[0]")
        try await withSession(source) { session async throws in
            #expect(try await session.outcome("get_logs", "") == .returned(.list(["windtunnel", "windtunnel"])))
        }
    }

    @Test("a default timeout for all sockets is not the harness's")
    func defaultTimeout() async throws {
        let source = connectorSource(
            "def get_logs(self, x): return socket.getdefaulttimeout()", head: "import socket\nsocket.setdefaulttimeout(0.000_001)")
        // So short that it is over before any request comes.
        try await withSession(source) { session async throws in
            #expect(try await session.outcome("get_logs", "") == .returned(.double(0.000_001)))
        }
    }

    @Test("a worker process of the connector's own starts, and has its `neural` too", arguments: ["spawn", "forkserver"])
    func worker(_ method: String) async throws {
        let source = connectorSource(
            """
            def get_logs(self, x):
                import concurrent.futures, multiprocessing
                context = multiprocessing.get_context("\(method)")
                with concurrent.futures.ProcessPoolExecutor(1, mp_context=context) as executor:
                    return executor.submit(status_of, x).result(50)
            """,
            head: """
                def status_of(x):
                    from neural.exceptions import CloudException
                    return [JobStatus(x), CloudException.__name__]
                """)
        for files in [[:], ["neural/__init__.py": "'''empty'''"]] {
            let project = try Project(files.merging(["acme.py": source]) { first, _ in first })
            let host = try await startHost(project)
            let session = try await host.openSession()
            _ = try await session.construct(credentials: .dict([]), within: patience)
            let outcome = try await session.outcome("get_logs", "failed")
            let failed = Value.member(.init(type: "JobStatus", name: "FAILED", value: "failed", isContract: true))
            #expect(outcome == .returned(.list([failed, "CloudException"])))
            await host.shutdown()
            withExtendedLifetime(project) {}
        }
    }
}
