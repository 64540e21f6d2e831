import Foundation
import Testing

@Suite("A crash")
struct CrashTests {
    @Test("kill -9 of the server, and a new start: running jobs are adopted, ended ones have their true exit code, none runs twice")
    func serverKilled() async throws {
        let folder = try Folder()
        let runs = folder.path + "/runs"
        let server = try await Server.start(in: folder, "--slots", "2")
        func note(_ name: String) -> String { "echo \(name) >> '\(runs)'" }
        func until(_ name: String) -> String { "while [ ! -e '\(folder.path)/\(name)' ]; do sleep 0.02; done" }
        let ends = try await server.submit("\(note("ends")); \(until("go")); echo end >> '\(folder.path)/ended'; exit 7")
        let lives = try await server.submit("\(note("lives")); \(until("go2")); exit 8")
        for id in [ends, lives] { _ = try await server.wait(id, ["running"]) }
        var queued: [String] = []
        for number in 0..<4 { queued.append(try await server.submit("\(note("queued\(number)")); exit 3")) }
        #expect(await server.end(SIGKILL) == 137)

        try folder.write("go", "")
        _ = try await poll("the first job ended while nobody served") { folder.read("ended").isEmpty ? nil : true }
        try await Server.with(folder) { server in
            let collected = try await server.wait(ends)
            #expect(collected.jobStatus == "failed")
            #expect(collected.exitCode == 7)
            #expect(try await server.job(lives).jobStatus == "running")
            try folder.write("go2", "")
            #expect(try await server.wait(lives).exitCode == 8)
            for id in queued { #expect(try await server.wait(id).exitCode == 3) }
        }
        #expect(folder.read("runs").split(separator: "\n").sorted() == ["ends", "lives", "queued0", "queued1", "queued2", "queued3"])
        #expect(try await windtunnel("history", "verify", "--state", "state", in: folder).code == 0)
        #expect(processes(with: folder.path + "/state") == [])
    }

    @Test("kill -9 of the node: its jobs are failed as node_lost, their processes are gone, and the next job runs on a new node")
    func nodeKilled() async throws {
        let folder = try Folder()
        let mark = "mark\(UUID().uuidString.prefix(8))"
        try await Server.with(folder, slots: 1) { server in
            let lost = try await server.submit("(setsid sleep 1000 &); echo up; sleep 1000", "shell", ["environment": ["MARK": mark]])
            try await server.wait(lost, hasWritten: "up")
            let next = try await server.submit("true")
            kill(try #require(nodes(of: folder).first), SIGKILL)
            #expect(try await server.wait(lost).errorCode == "node_lost")
            #expect(try await server.wait(next).jobStatus == "succeeded")
            #expect(processes(with: mark) == [])
        }
    }

    @Test("kill -9 of both: the next start says node_lost, ends what was left behind, and runs what was queued")
    func bothKilled() async throws {
        let folder = try Folder()
        let mark = "mark\(UUID().uuidString.prefix(8))"
        let server = try await Server.start(in: folder, "--slots", "1")
        let lost = try await server.submit("(setsid sleep 1000 &); echo up; sleep 1000", "shell", ["environment": ["MARK": mark]])
        try await server.wait(lost, hasWritten: "up")
        let queued = try await server.submit("true")
        let node = try #require(nodes(of: folder).first)
        _ = await server.end(SIGKILL)
        kill(node, SIGKILL)
        try await Server.with(folder) { next in
            let ended = try await next.wait(lost)
            #expect(ended.errorCode == "node_lost")
            #expect(try await next.wait(queued).jobStatus == "succeeded")
            #expect(processes(with: mark) == [])
        }
    }

    @Test("a second server on the state folder is refused, and names the first")
    func second() async throws {
        let folder = try Folder()
        try await Server.with(folder) { server in
            let refused = try await windtunnel("serve", "--state", "state", in: folder)
            #expect(refused.code == 2)
            let (state, pid) = (server.ready.state, server.ready.pid)
            #expect(
                refused.complaint
                    == "the state folder \(state) is in use by another server (pid \(pid)); stop that one, or choose another with --state")
        }
    }

    private func nodes(of folder: Folder) -> [Int32] { processes(with: folder.path + "/state/nodes/node-1").filter(isNode) }

    private func isNode(_ pid: Int32) -> Bool {
        (try? String(contentsOfFile: "/proc/\(pid)/cmdline", encoding: .utf8))?.split(separator: "\0").dropFirst().first == "node"
    }
}
