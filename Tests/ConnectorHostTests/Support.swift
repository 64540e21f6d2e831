import Foundation
import Recording
import Testing

@testable import ConnectorHost

/// A folder with files, removed with this object.
final class Project: Sendable {
    let folder: String

    init(_ files: [String: String]) throws {
        folder = try RuntimeFolder.make()
        for (name, text) in files.sorted(by: { $0.key < $1.key }) {
            let url = URL(fileURLWithPath: "\(folder)/\(name)")
            try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
    }

    deinit { RuntimeFolder.remove(folder) }
}

let patience = Duration.seconds(60)

/// A connector with the seven methods; `body` replaces or adds methods, `head` stands above the class.
func connectorSource(_ body: String = "", head: String = "", base: String = "BaseConnector") -> String {
    """
    import os, sys, time
    from neural.integrations import BaseConnector, JobResult, JobStatus, ResourceConfig
    from neural.exceptions import CloudConnectionError, CloudException, CloudExecutionError
    \(head)
    class Base(\(base)):
        def authenticate(self): return True
        def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None): return "job-1"
        def get_job_status(self, job_id): return JobStatus.SUCCEEDED
        def get_job_result(self, job_id): return JobResult(job_id, JobStatus.SUCCEEDED)
        def cancel_job(self, job_id): return False
        def list_jobs(self, limit=10, status_filter=None): return []
        def get_logs(self, job_id): return ""

    class Acme(Base):
        pass
    \(body.split(separator: "\n", omittingEmptySubsequences: false).map { "    \($0)" }.joined(separator: "\n"))
    """
}

func interpreter() async throws -> PythonInterpreter {
    try await PythonInterpreter.find(explicit: nil, connectorPath: nil)
}

func startHost(
    _ project: Project, _ reference: String = "acme.py:Acme", environment: [String: String] = ProcessInfo.processInfo.environment,
    importPatience: Duration = patience
) async throws -> ConnectorHost {
    try await ConnectorHost.start(
        ConnectorReference(parsing: reference), interpreter: interpreter(), workingFolder: project.folder,
        environment: environment, importPatience: importPatience)
}

/// A session with an instance `main`, and its host shut down afterwards.
func withSession(
    _ source: String, credentials: Value = .dict([]), _ body: (GuestSession) async throws -> Void
) async throws {
    let project = try Project(["acme.py": source])
    let host = try await startHost(project)
    do {
        let session = try await host.openSession()
        let made = try await session.construct(credentials: credentials, within: patience)
        #expect(made.outcome == .returned(.other(type: "acme.Acme", repr: "<instance>")))
        try await body(session)
    } catch {
        await host.shutdown()
        throw error
    }
    await host.shutdown()
    withExtendedLifetime(project) {}
}

extension GuestSession {
    /// The outcome of a call with positional arguments.
    func outcome(_ method: String, _ arguments: Value...) async throws -> Outcome {
        let passed = arguments.enumerated().map { Call.Argument("a\($0.offset)", $0.element, positional: true) }
        return try await call(GuestCall(method, on: "main", passed), within: patience).outcome
    }
}
