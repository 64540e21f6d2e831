import Foundation
import TestedProgram
import Testing

@Suite("windtunnel history prune")
struct HistoryPruneTests {
    private func prune(_ folder: Folder, _ options: String...) async throws -> Ended {
        try await run(TestedProgram.path, ["history", "prune", "--state", "state"] + options, in: folder)
    }

    private func folders(_ folder: Folder) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder.path + "/state/jobs").sorted()
    }

    private func verify(_ folder: Folder) async throws -> Int32 {
        try await windtunnel("history", "verify", "--state", "state", in: folder).code
    }

    @Test("a rehearsal changes nothing; a prune removes jobs, events and folders; the next run goes on")
    func prune() async throws {
        let folder = try Folder()
        var ids: [String] = []
        try await Server.with(folder) { server in
            for _ in 0..<3 { ids.append(try await server.wait(try await server.submit("echo hello"))["id"] as? String ?? "") }
            let refused = try await prune(folder, "--older-than", "1ms")
            #expect(refused.code == 2)
            #expect(refused.complaint?.contains("is in use by another server") == true, "\(refused.errors)")
        }
        let young = try await prune(folder, "--older-than", "1h", "--format", "json").json()
        #expect(young["jobs"] as? Int == 0 && young["folders"] as? Int == 0)

        let rehearsed = try await prune(folder, "--older-than", "1ms", "--dry-run", "--format", "json").json()
        #expect(rehearsed["jobs"] as? Int == 3 && rehearsed["folders"] as? Int == 3)
        #expect(rehearsed["dry_run"] as? Bool == true)
        #expect(rehearsed["folder_bytes"] as? Int ?? 0 >= 18)
        #expect(try folders(folder) == ids.sorted())

        let pruned = try await prune(folder, "--older-than", "1ms")
        #expect(pruned.code == 0)
        #expect(pruned.output.hasPrefix("removed 3 jobs that ended before "), "\(pruned.output)")
        #expect(try folders(folder) == [])
        #expect(try await verify(folder) == 0)
        for verb in ["show", "logs"] {
            let gone = try await windtunnel("jobs", verb, ids[0], "--state", "state", in: folder)
            #expect(gone.code == 2)
            #expect(gone.complaint == "there is no job '\(ids[0])'; 'windtunnel jobs list' shows those that are")
        }
        try await Server.with(folder) { server in
            let id = try await server.wait(try await server.submit("true"))["id"] as? String ?? ""
            #expect(!id.isEmpty && !ids.contains(id))
            let usage = try await server.request("GET", "/v1/usage").fields
            #expect((usage["jobs"] as? [String: Any])?["succeeded"] as? Int == 4)
            #expect(try await server.request("GET", "/v1/jobs/\(ids[0])").status == 404)
        }
        #expect(try await verify(folder) == 0)
        #expect(try await prune(folder, "--older-than", "1ms", "--format", "json").json()["jobs"] as? Int == 1)
        #expect(try await verify(folder) == 0)
    }

    @Test("folders that an interrupted prune left are removed by the next, others are not touched")
    func leftovers() async throws {
        let folder = try Folder()
        var id = ""
        try await Server.with(folder) { server in id = try await server.wait(try await server.submit("true"))["id"] as? String ?? "" }
        for name in ["job-0000000000000000/work", "mine"] {
            try FileManager.default.createDirectory(atPath: "\(folder.path)/state/jobs/\(name)", withIntermediateDirectories: true)
        }
        let locked = "\(folder.path)/state/jobs/job-0000000000000000"
        try Data("1234".utf8).write(to: URL(fileURLWithPath: locked + "/stdout"))
        chmod(locked + "/work", 0)
        chmod(locked, 0o500)
        let pruned = try await prune(folder, "--older-than", "1h", "--format", "json").json()
        #expect(pruned["jobs"] as? Int == 0 && pruned["folders"] as? Int == 1 && pruned["folder_bytes"] as? Int == 4)
        #expect(try folders(folder) == [id, "mine"].sorted())
    }

    @Test("what cannot be is refused in one line", arguments: [
        (["--older-than", "30"], "--older-than is '30'; a duration has a unit, such as 250ms, 30s, 2m, 1h or 7d"),
        (["--older-than", "1d", "--state", "nowhere"], "nowhere holds no history; name a state folder with --state"),
    ])
    func refused(_ options: [String], _ line: String) async throws {
        let folder = try Folder()
        let ended = try await run(TestedProgram.path, ["history", "prune"] + options, in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint == line)
    }
}
