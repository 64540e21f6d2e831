import Foundation
import TestedProgram
import Testing

@Suite("what is written")
struct OutputTests {
    @Test("a full standard output is one line and exit code 2", arguments: [["contract"], ["contract", "SUB-05", "--format", "json"]])
    func full(_ arguments: [String]) async throws {
        let folder = try Folder()
        let line = ([TestedProgram.path] + arguments).map { "'\($0)'" }.joined(separator: " ")
        let ended = try await CommandTests.run("/bin/sh", ["-c", "\(line) > /dev/full"], in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint == "cannot write to standard output: No space left on device")
    }

    @Test("a reader that has had enough is no error")
    func closedPipe() async throws {
        let folder = try Folder()
        let line = "'\(TestedProgram.path)' contract | head -1; echo ${PIPESTATUS[0]}"
        let ended = try await CommandTests.run("/bin/bash", ["-c", line], in: folder)
        #expect(ended.output.hasSuffix("\n0\n"))
        #expect(ended.errors == "")
    }

    @Test("a name with control characters neither moves the cursor nor breaks the table of jobs")
    func names() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            _ = try await server.wait(try await server.submit("true", "shell", ["name": "a\nb\u{1B}[31mc"]))
            let ended = try await windtunnel("jobs", "list", "--state", "state", in: folder)
            #expect(ended.output.split(separator: "\n").count == 2)
            #expect(ended.output.contains("a\\nb\\u{1B}[31mc"))
        }
    }

    @Test("the state folder that is named wins over the server of the environment")
    func precedence() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let id = try await server.submit("true")
            let ended = try await windtunnel(
                "jobs", "list", "--state", "state", in: folder, environment: ["WINDTUNNEL_ENDPOINT": "http://127.0.0.1:9", "WINDTUNNEL_TOKEN": "t"])
            #expect(ended.code == 0)
            #expect(ended.output.contains(id))
        }
    }

    @Test(
        "a file that cannot be written is told before anything is run",
        arguments: [
            ("--output", "missing/report.json", "there is no folder"), ("--record", "missing/recording.json", "there is no folder"),
            ("--output", ".", "it is a folder"),
        ])
    func unwritable(_ option: String, _ file: String, _ why: String) async throws {
        let folder = try Folder()
        let ended = try await windtunnel("check", "\(Place.good):GoodConnector", option, file, in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint?.hasPrefix("\(option) \(file) cannot be written: \(why)") == true, "\(ended.errors)")
    }
}
