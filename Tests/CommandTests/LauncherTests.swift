import Foundation
import Testing

@Suite("serve --launcher", .timeLimit(.minutes(5)))
struct LauncherTests {
    /// A fork shows its arguments as one text, a spawned process as several.
    private static let isWarm = "import os\nprint(open('/proc/self/cmdline', 'rb').read().count(b'\\0') < 3, os.getcwd() == os.environ['HOME'])"

    @Test("plain Python jobs become forks, but not with cold", arguments: ["auto", "warm", "cold"])
    func choice(launcher: String) async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder, "--launcher", launcher)
        var seen = ""
        // The first jobs are spawned, until an interpreter is up.
        for _ in 1...(launcher == "cold" ? 5 : 500) where seen != "True True\n" {
            let job = try await server.submit(Self.isWarm, "python")
            _ = try await server.wait(job)
            seen = try await server.logs(job)
        }
        #expect(seen == (launcher == "cold" ? "False True\n" : "True True\n"))
        if launcher != "cold" {
            let job = try await server.submit("import time\nprint('up')\ntime.sleep(1000)", "python")
            try await server.wait(job, hasWritten: "up")
            _ = try await server.request("POST", "/v1/jobs/\(job)/cancel")
            #expect(try await server.wait(job).text.contains("\"cancelled\""))
        }
        #expect(await server.end(SIGTERM) == 0)
        #expect(processes(with: folder.path) == [])
    }

    @Test("another launcher is refused by name")
    func unknown() async throws {
        let ended = try await windtunnel("serve", "--launcher", "hot", in: try Folder())
        #expect(ended.code == 2)
        #expect(ended.errors.contains("--launcher is 'hot'; it is cold, warm, auto"))
    }
}
