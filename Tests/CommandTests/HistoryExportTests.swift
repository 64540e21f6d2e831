import Foundation
import TestedProgram
import Testing

@Suite("windtunnel history export")
struct HistoryExportTests {
    @Test("jobs are JSON lines with the API's fields, oldest first, beside a live server and without one")
    func jobs() async throws {
        let folder = try Folder()
        var ids: [String] = []
        try await Server.with(folder) { server in
            for code in ["true", "exit 3"] { ids.append(try await server.wait(try await server.submit(code))["id"] as? String ?? "") }
            let ended = try await windtunnel("history", "export", "--state", "state", in: folder)
            #expect(ended.code == 0)
            let jobs = try lines(ended.output)
            #expect(jobs.map { $0["id"] as? String } == ids)
            let shown = try await server.request("GET", "/v1/jobs/\(ids[1])").fields
            var exported = jobs[1]
            #expect(exported.removeValue(forKey: "tenant") is String)
            #expect(NSDictionary(dictionary: exported) == NSDictionary(dictionary: shown))
        }
        let failed = try await windtunnel("history", "export", "--state", "state", "--status", "failed", in: folder)
        #expect(try lines(failed.output).map { $0["id"] as? String } == [ids[1]])
        let none = try await windtunnel("history", "export", "--state", "state", "--until", "2020-01-31", in: folder)
        #expect(none.code == 0 && none.output == "")
        let leap = try await windtunnel("history", "export", "--state", "state", "--until", "2024-02-29T23:59:59.5Z", in: folder)
        #expect(leap.code == 0 && leap.output == "")
        let all = try await windtunnel("history", "export", "--state", "state", "--since", "1h", in: folder)
        #expect(try lines(all.output).count == 2)
    }

    @Test("CSV has a head and is quoted by RFC 4180; a file appears whole")
    func csv() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            _ = try await server.wait(try await server.submit("true", "shell", ["name": "a, \"b\"\nc", "labels": ["k": "v"]]))
        }
        let ended = try await windtunnel("history", "export", "--state", "state", "--format", "csv", "--output", "jobs.csv", in: folder)
        #expect(ended.code == 0 && ended.output == "")
        let text = folder.read("jobs.csv")
        #expect(text.hasPrefix("id,tenant,name,status,created_at,"))
        #expect(text.contains(",\"a, \"\"b\"\"\nc\",succeeded,"))
        #expect(text.contains(",\"{\"\"k\"\":\"\"v\"\"}\","))
        #expect(text.hasSuffix("\r\n"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.contains("partial") } == [])
        let script = "import csv; rows = list(csv.DictReader(open('jobs.csv', newline=''))); print(len(rows), rows[0]['name'] == 'a, \"b\"\\nc', rows[0]['exit_code'])"
        #expect(try await run("/usr/bin/env", ["python3", "-c", script], in: folder).output == "1 True 0\n")
    }

    @Test("events are exported without code and environment", arguments: ["json", "csv"])
    func events(_ format: String) async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            _ = try await server.wait(try await server.submit("true # code-secret", "shell", ["environment": ["KEY": "environment-secret"]]))
        }
        let ended = try await windtunnel("history", "export", "--events", "--state", "state", "--format", format, in: folder)
        #expect(ended.code == 0)
        #expect(!ended.output.contains("secret"))
        if format == "json" {
            let events = try lines(ended.output)
            #expect(events.compactMap { $0["sequence"] as? Int } == Array(1...events.count))
            #expect(events.map { $0["event"] as? String }.starts(with: ["platform_started", "submitted", "process_started"]))
        } else {
            #expect(ended.output.hasPrefix("sequence,at,event,job,details\r\n1,"))
        }
    }

    @Test("what cannot be is refused in one line", arguments: [
        (["--format", "text"], "'text'"), (["--status", "done"], "--status is 'done'; it is one of pending, running, succeeded, failed, cancelled"),
        (["--since", "2026-02-30"], "--since is '2026-02-30'; there is no such day or time"), (["--since", "2026-01-31T25:00:00Z"], "no such day or time"),
        (["--until", "2025-02-29T00:00:00.5Z"], "no such day or time"), (["--until", "2026-13-01"], "--until is '2026-13-01'"),
        (["--since", "yesterday"], "--since is 'yesterday'; it is a moment"), (["--events", "--status", "failed"], "--status is of jobs"),
        (["--output", "none/jobs.json"], "there is no folder"), (["--state", "nowhere"], "nowhere holds no history"),
    ])
    func refused(_ options: [String], _ words: String) async throws {
        let folder = try Folder()
        try await Server.with(folder) { _ in }
        let state = options.contains("--state") ? [] : ["--state", "state"]
        let ended = try await run(TestedProgram.path, ["history", "export"] + state + options, in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint?.contains(words) == true, "\(ended.errors)")
    }

    private func lines(_ text: String) throws -> [[String: Any]] {
        try text.split(separator: "\n").map { try #require(JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]) }
    }
}
