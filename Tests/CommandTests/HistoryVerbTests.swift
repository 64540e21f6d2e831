import Foundation
import TestedProgram
import Testing

@Suite("windtunnel history verify, and damaged histories")
struct HistoryVerbTests {
    @Test("the log and the jobs of a folder agree, while it is served and after")
    func verify() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            _ = try await server.wait(try await server.submit("true"))
            let ended = try await windtunnel("history", "verify", "--state", "state", "--format", "json", in: folder)
            #expect(try ended.json()["agrees"] as? Bool == true)
        }
        let ended = try await windtunnel("history", "verify", "--state", "state", in: folder)
        #expect(ended.code == 0)
        #expect(ended.output.hasPrefix("the log and the jobs agree: "))
    }

    @Test("a file that is no database is refused and left as it is", arguments: ["serve", "history verify", "jobs list"])
    func garbage(_ verb: String) async throws {
        let folder = try Folder()
        let state = folder.path + "/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        let bytes = Data((0..<20_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 13) })
        try bytes.write(to: URL(fileURLWithPath: state + "/history.sqlite"))
        let ended = try await run(TestedProgram.path, verb.split(separator: " ").map(String.init) + ["--state", state], in: folder)
        #expect(ended.code == 2)
        let advice = "it was left as it is: restore a copy, or use another state folder"
        #expect(ended.complaint == "\(state)/history.sqlite is damaged or not a database (file is not a database); \(advice)")
        #expect(try Data(contentsOf: URL(fileURLWithPath: state + "/history.sqlite")) == bytes)
    }

    @Test("a newer database is refused and left as it is")
    func newer() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in _ = try await server.wait(try await server.submit("true")) }
        let database = folder.path + "/state/history.sqlite"
        let script = """
            import sqlite3, sys
            database = sqlite3.connect(sys.argv[1])
            database.execute("insert into grdb_migrations values ('v99')")
            database.commit()
            database.close()
            """
        #expect(try await run("/usr/bin/env", ["python3", "-c", script, database], in: folder).code == 0)
        let before = try Data(contentsOf: URL(fileURLWithPath: database))
        for verb in [["serve"], ["jobs", "list"], ["history", "verify"]] {
            let ended = try await run(TestedProgram.path, verb + ["--state", folder.path + "/state"], in: folder)
            #expect(ended.code == 2)
            #expect(ended.complaint == "\(database) was written by a newer version of windtunnel; use that version, or another state folder")
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: database)) == before)
    }
}
