import Foundation
import Recording
import Testing

@testable import ConnectorHost

@Suite struct NeuralTests {
    static let source = connectorSource("def get_logs(self, x): return [JobStatus.__module__, CloudException.__module__, __import__('neural').__doc__]")

    /// The user's own package: another `JobStatus`, with str as a base.
    static let own = [
        "neural/__init__.py": "'''theirs'''",
        "neural/exceptions.py": """
            class CloudException(Exception): pass
            class CloudConnectionError(CloudException): pass
            class CloudExecutionError(CloudException): pass
            """,
        "neural/integrations/__init__.py": """
            import enum, dataclasses
            class JobStatus(str, enum.Enum):
                PENDING = "pending"; RUNNING = "running"; SUCCEEDED = "succeeded"; FAILED = "failed"; CANCELLED = "cancelled"; UNKNOWN = "unknown"
            @dataclasses.dataclass
            class ResourceConfig:
                instance_type: str
                custom_params: dict = dataclasses.field(default_factory=dict)
            SHARED = {}
            @dataclasses.dataclass
            class JobResult:
                job_id: str
                status: JobStatus
                metrics: dict = dataclasses.field(default_factory=lambda: SHARED)
            class BaseConnector:
                def __init__(self, credentials=None): self.credentials = credentials or {}
                def upload_file(self, local_path, remote_path): raise NotImplementedError
            """,
    ]

    func session(_ files: [String: String], _ body: (GuestSession, ConnectorHost) async throws -> Void) async throws {
        let project = try Project(files.merging(["acme.py": Self.source]) { first, _ in first })
        let host = try await startHost(project)
        do {
            let session = try await host.openSession()
            _ = try await session.construct(credentials: .dict([]), within: patience)
            try await body(session, host)
        } catch {
            await host.shutdown()
            throw error
        }
        await host.shutdown()
        withExtendedLifetime(project) {}
    }

    @Test("the user's own package is used where all of it imports")
    func theirs() async throws {
        try await session(Self.own) { session, host async throws in
            #expect(host.usesOwnNeural)
            #expect(try await session.outcome("get_logs", "") == .returned(.list(["neural.integrations", "neural.exceptions", "theirs"])))
            let status = try await session.outcome("get_job_status", "j").value
            #expect(status == .member(.init(type: "JobStatus", name: "SUCCEEDED", value: "succeeded", isContract: true)))
            let inspection = try await session.inspect(within: patience)
            #expect(inspection.ownNeural && inspection.overridden == [])
            let sharing = inspection.neural.first { $0.name == "default_sharing" }?.value
            #expect(sharing?["metrics"] == true && sharing?["custom_params"] == false)
        }
    }

    @Test(
        "an empty, broken or partial package is replaced by the harness's, wholly",
        arguments: [
            ["neural/__init__.py": "'''theirs'''"],
            ["neural/__init__.py": "'''theirs'''", "neural/exceptions.py": own["neural/exceptions.py"] ?? ""],
            ["neural/__init__.py": "'''theirs'''", "neural/integrations/__init__.py": own["neural/integrations/__init__.py"] ?? ""],
            ["neural/__init__.py": "'''theirs'''", "neural/integrations/__init__.py": "import torch_that_is_absent"],
            ["neural.py": "'''theirs'''"],
        ])
    func ours(_ files: [String: String]) async throws {
        try await session(files) { session, host async throws in
            #expect(!host.usesOwnNeural)
            let modules = Value.list(["neural.integrations.types", "neural.exceptions", "theirs"])
            #expect(try await session.outcome("get_logs", "") == .returned(modules))
        }
    }

    @Test("the harness's own package keeps the contract's facts")
    func facts() async throws {
        try await session([:]) { session, _ async throws in
            let file = try await session.look("credentials_file", within: patience).value
            for name in ["fresh", "over_0644", "default", "tilde"] {
                let found = file?[name]
                #expect(found?["raised"] == Value.none && found?["loaded"] == true && found?["mode"] == .int(0o600), "\(name)")
                #expect(found?["widest"] == .int(0o600) && found?["widest_with_secret"] == .int(0o600), "\(name)")
            }
            #expect(file?["again"]?["loaded"] == true)
            for name in ["missing", "missing_default", "corrupt", "empty", "not_utf8"] {
                #expect(file?[name]?.items?.first == "FileOperationError", "\(name)")
            }
            let hierarchy = try await session.look("exception_hierarchy", within: patience).value
            for name in ["CloudConnectionError", "CloudExecutionError"] {
                #expect(hierarchy?[name]?.items?.first == "CloudException")
            }
            let defaults = try await session.look("resource_defaults", within: patience).value
            #expect(defaults?["instance_type_required"] == true)
            #expect(defaults?["ResourceConfig"]?["auto_shutdown"] == true && defaults?["ResourceConfig"]?["gpu_count"] == 0)
        }
    }

    @Test("a save that is open to others for an instant is seen")
    func careless() async throws {
        var files = Self.own
        files["neural/integrations/utils.py"] = """
            import json, os
            def save_credentials_to_file(credentials, filepath=None):
                path = os.path.expanduser(filepath or "~/.neural/credentials.json")
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w") as file:
                    json.dump(credentials, file)
                os.chmod(path, 0o600)
            def load_credentials_from_file(filepath=None):
                with open(os.path.expanduser(filepath or "~/.neural/credentials.json")) as file:
                    return json.load(file)
            """
        try await session(files) { session, _ async throws in
            let outcome = try await session.look("credentials_file", within: patience)
            let file = outcome.value
            #expect(file != nil, "\(outcome)")
            #expect(file?["fresh"]?["mode"] == .int(0o600) && file?["fresh"]?["widest"] == .int(0o666))
            #expect(file?["over_0644"]?["mode"] == .int(0o600) && file?["over_0644"]?["widest_with_secret"] == .int(0o644))
            #expect(file?["missing"]?.items?.first == "FileNotFoundError")
        }
    }

    @Test("results that share their containers are seen")
    func sharing() async throws {
        let source = connectorSource(
            """
            KEPT = {}
            def get_job_result(self, job_id): return JobResult(job_id, JobStatus.SUCCEEDED, metrics=self.KEPT, artifacts=[])
            """)
        try await withSession(source) { session async throws in
            let found = try await session.look(
                "result_sharing", [("instance", "main"), ("job", "a"), ("other", "b")], within: patience
            ).value
            #expect(found?["metrics"] == .dict([.init("same", true), .init("across", true), .init("later", true)]))
            #expect(found?["artifacts"] == .dict([.init("same", false), .init("across", false), .init("later", false)]))
            #expect(try await session.look("result_sharing", [("instance", "main"), ("job", 3)], within: patience).raised == nil)
        }
    }

    @Test("optional methods that the class defines itself are told")
    func overridden() async throws {
        try await withSession(connectorSource("def upload_file(self, a, b): return True\ndef get_resource_usage(self): return {}")) { session async throws in
            let inspection = try await session.inspect(within: patience)
            #expect(inspection.overridden == ["upload_file", "get_resource_usage"] && !inspection.ownNeural)
            #expect(try await session.outcome("deploy_model", "a", "b").raised?.type == "NotImplementedError")
        }
    }
}
