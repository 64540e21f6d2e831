import Foundation
import TestedProgram
import Testing

/// A state folder that is another user's is told from one that holds nothing.
@Suite("A state folder that may not be read")
struct UnreadableStateTests {
    @Test(
        "is told as that, in one line", .enabled("this machine cannot run the program as somebody who is not root", Stranger.isThere),
        arguments: [
            ["jobs", "list"], ["jobs", "show", "job-1"], ["jobs", "logs", "job-1"], ["history", "verify"], ["history", "export"],
            ["history", "prune", "--older-than", "1h", "--dry-run"], ["env"],
        ])
    func unreadable(_ verb: [String]) async throws {
        let folder = try Folder()
        let state = folder.path + "/state"
        try FileManager.default.createDirectory(atPath: state, withIntermediateDirectories: true)
        for name in ["history.sqlite", "server.json"] { try folder.write("state/\(name)", "") }
        #expect(chmod(state, 0) == 0)
        let ended = try await Stranger.run(verb + ["--state", state], in: folder)
        #expect(ended.code == 2)
        #expect(ended.complaint == "\(state) may not be read: permission denied; run this as its owner, or name another state folder with --state")
        #expect(chmod(state, 0o700) == 0)
    }
}

/// Somebody whom the permissions of files bind: oneself, or another where one is root.
private enum Stranger {
    private static let way = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", TestedProgram.path]

    @Sendable static func isThere() async throws -> Bool {
        getuid() != 0 ? true : try await run(["--version"], in: Folder()).code == 0
    }

    static func run(_ arguments: [String], in folder: Folder) async throws -> Ended {
        getuid() == 0
            ? try await CommandTests.run("/usr/bin/env", way + arguments, in: folder)
            : try await CommandTests.run(TestedProgram.path, arguments, in: folder)
    }
}
