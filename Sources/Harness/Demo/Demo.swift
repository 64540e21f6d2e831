import Conformance
import Foundation
import NativeClient

/// The tour: serve, submit a real job, watch it, check a good connector and a broken one.
public enum Demo {
    public enum Part: Sendable {
        case line(String)
        case report(Report)
    }

    /// - Throws: what a user of `serve` and `check` would see; also where a check does not come out as it should.
    public static func run(_ show: (Part) async throws -> Void) async throws {
        let folder = try await Cleanup.shared.open { try TemporaryFolder.make() } closing: { TemporaryFolder.remove($0) }
        do {
            try await run(in: folder.value, show)
            await Cleanup.shared.close(folder)
        } catch {
            await Cleanup.shared.close(folder)
            throw error
        }
    }

    private static func run(in folder: String, _ show: (Part) async throws -> Void) async throws {
        try await runJob(folder, show)
        for (file, text) in DemoFiles.all { try text.write(toFile: "\(folder)/\(file)", atomically: true, encoding: .utf8) }

        try await show(.line("\n2. A good connector, judged against the contract (windtunnel check native.py:GoodConnector)"))
        try await check("native.py:GoodConnector", in: folder, expecting: .conformant, show)

        try await show(.line("\n3. The same one, broken in one place (windtunnel check broken.py:Mutant)"))
        try await check("broken.py:Mutant", in: folder, expecting: .notConformant, show)

        try await show(.line("\nNow yours: windtunnel check path/to/connector.py:YourConnector"))
    }

    private static func runJob(_ folder: String, _ show: (Part) async throws -> Void) async throws {
        let opened = try await Cleanup.shared.open { try await Serving.start(Serving.Options(state: folder + "/state")) } closing: {
            try? await $0.stop()
        }
        let platform = opened.value
        do {
            try await show(.line("1. A platform on loopback that truly runs jobs: \(platform.endpoint)"))
            let client = try NativeClient(endpoint: platform.endpoint, token: platform.token)
            let code = "import sys, time\\nprint('training on Python', sys.version.split()[0], flush=True)\\ntime.sleep(0.3)\\nprint('loss 0.031')"
            let body = "{\"code\": \"\(code)\", \"name\": \"first-training\"}"
            let answer = try await client.request("POST", "/v1/jobs", json: body)
            var job = try JSONDecoder().decode(JobView.self, from: Data(answer.body))
            try await show(.line("   submitted \(job.name) as \(job.id)"))
            var last = ""
            while true {
                if job.status != last { try await show(.line("   status    \(job.status)")) }
                last = job.status
                guard ["pending", "running"].contains(job.status) else { break }
                try await Task.sleep(for: .milliseconds(20))
                job = try JSONDecoder().decode(JobView.self, from: Data(try await client.request("GET", "/v1/jobs/\(job.id)").body))
            }
            let logs = try await client.request("GET", "/v1/jobs/\(job.id)/logs").text
            for line in logs.split(separator: "\n") { try await show(.line("   printed   \(line)")) }
            guard job.status == "succeeded" else {
                throw UsageError("the demo's job did not succeed: \(job.error?.message ?? job.status)")
            }
        } catch {
            await Cleanup.shared.close(opened)
            throw error
        }
        await Cleanup.shared.close(opened)
    }

    private static func check(
        _ connector: String, in folder: String, expecting verdict: Report.Verdict, _ show: (Part) async throws -> Void
    ) async throws {
        let report = try await Check.run(CheckOptions(connector: connector, workingFolder: folder)).report()
        try await show(.report(report))
        guard report.verdict == verdict else {
            throw HarnessFault("the demo's \(connector) came out as \(report.verdict.rawValue), not as \(verdict.rawValue)")
        }
    }
}
