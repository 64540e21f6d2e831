import Recording
import Testing

@testable import ConnectorHost

@Suite struct OutcomeTests {
    @Test("an exception is recorded with its classes, causes and the connector's own frames")
    func raised() async throws {
        let source = connectorSource(
            """
            def authenticate(self):
                try:
                    int("x")
                except ValueError as error:
                    raise Special("no way") from error
            """, head: "class Special(CloudConnectionError): pass")
        try await withSession(source) { session async throws in
            let raised = try #require(try await session.outcome("authenticate").raised)
            #expect(raised.type == "acme.Special" && raised.message == "no way")
            #expect(raised.contract == ["CloudConnectionError", "CloudException"])
            #expect(raised.isA("Exception") && !raised.isA("CloudExecutionError") && !raised.bases.contains("object"))
            #expect(raised.causes == ["ValueError"])
            #expect(raised.frames.count == 1 && raised.frames.first?.hasPrefix("acme.py:") == true)
            #expect(raised.frames.first?.hasSuffix(" authenticate") == true)
            #expect(raised.traceback.contains("invalid literal") && !raised.traceback.contains("windtunnel_guest"))
        }
    }

    @Test("SystemExit and KeyboardInterrupt are outcomes, and the session goes on", arguments: ["SystemExit", "KeyboardInterrupt"])
    func exits(_ name: String) async throws {
        try await withSession(connectorSource("def authenticate(self): raise \(name)(3)")) { session async throws in
            #expect(try await session.outcome("authenticate").raised?.type == name)
            #expect(try await session.outcome("get_logs", "j") == .returned(""))
        }
    }

    @Test("an exception whose str() fails is recorded all the same")
    func unprintable() async throws {
        let head = "class Mute(Exception):\n    def __str__(self): raise RuntimeError()"
        try await withSession(connectorSource("def authenticate(self): raise Mute()", head: head)) { session async throws in
            let raised = try #require(try await session.outcome("authenticate").raised)
            #expect(raised.type == "acme.Mute" && raised.message == "<str() of it raised RuntimeError>")
        }
    }

    @Test("a constructor that raises is an outcome in a session")
    func construction() async throws {
        let project = try Project(["acme.py": connectorSource("def __init__(self, credentials=None): self.key = credentials['key']")])
        let host = try await startHost(project)
        let session = try await host.openSession()
        #expect(try await session.construct(credentials: .dict([]), within: patience).outcome.raised?.type == "KeyError")
        #expect(try await session.construct("b", credentials: .none, within: patience).outcome.raised?.type == "TypeError")
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test("what the connector changes of the caller's objects is named")
    func changes() async throws {
        let source = connectorSource(
            """
            def __init__(self, credentials=None):
                super().__init__(credentials)
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None):
                resource_config.custom_params["x"] = 1
                dependencies.append("y")
                self.credentials["api_key"] = "other"
                return "job"
            """)
        try await withSession(source, credentials: .dict([.init("api_key", "k")])) { session async throws in
            let config = Value.record(.init(type: "ResourceConfig", fields: [.init("instance_type", "a")], isContract: true))
            let arguments: [Call.Argument] = [
                .init("code", "x"), .init("resource_config", config), .init("environment", .dict([])), .init("dependencies", .list([])),
            ]
            let main = [("instance", Value.string("main"))]
            #expect(try await session.look("credentials_unchanged", main, within: patience).value?["unchanged"] == true)
            let answer = try await session.call(GuestCall("submit_job", on: "main", arguments), within: patience)
            #expect(answer.changedArguments == ["resource_config", "dependencies"])
            #expect(try await session.look("credentials_unchanged", main, within: patience).value?["unchanged"] == false)
        }
    }

    @Test("parallel calls run at once, and their outcomes come in order")
    func parallel() async throws {
        let source = connectorSource(
            """
            def get_logs(self, job_id):
                MEET.wait(30)
                if job_id == "b": raise SystemExit(1)
                return job_id
            """, head: "import threading\nMEET = threading.Barrier(3)")
        try await withSession(source) { session async throws in
            let calls = ["a", "b", "c"].map { GuestCall("get_logs", on: "main", [.init("job_id", .string($0))]) }
            let outcomes = try await session.parallel(calls, within: patience).map(\.outcome)
            #expect(outcomes[0] == .returned("a") && outcomes[1].raised?.type == "SystemExit" && outcomes[2] == .returned("c"))
        }
    }

    @Test("attributes and repr are read, a missing one is an outcome")
    func attributes() async throws {
        try await withSession(connectorSource()) { session async throws in
            #expect(try await session.attribute("authenticated", within: patience) == .returned(false))
            #expect(try await session.attribute("repr()", within: patience) == .returned("<acme.Acme object>"))
            #expect(try await session.attribute("absent", within: patience).raised?.type == "AttributeError")
        }
    }
}
