import Foundation
import Glibc
import Testing

@testable import JobExecution

/// What a job may put in the place of a file that its node writes or reads.
enum Foreign: String, CaseIterable {
    case link, pipe

    func put(at path: String, victim: String) throws {
        unlink(path)
        let failure = self == .link ? symlink(victim, path) : mkfifo(path, 0o600)
        try #require(failure == 0, "\(path): \(String(cString: strerror(errno)))")
    }

    /// The same as a line of shell.
    func line(_ path: String, victim: String) -> String {
        "rm -rf \(path); \(self == .link ? "ln -s '\(victim)'" : "mkfifo") \(path)\n"
    }
}

@Suite("What a job puts in the place of its node's files", .timeLimit(.minutes(5)))
struct ForeignFileTests {
    private let root = NSTemporaryDirectory() + "foreign-\(UUID().uuidString)"
    private var victim: String { root + "/victim" }
    private var victimText: String? { try? String(contentsOfFile: victim, encoding: .utf8) }

    @Test("the note of the log's limit is written beside it, not into it", arguments: Foreign.allCases)
    func limitDraft(foreign: Foreign) throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try foreign.put(at: folder.logLimit(ofJob: "job") + ".new", victim: victim)
        try foreign.put(at: folder.logLimit(ofJob: "job"), victim: victim)
        let watch = try #require(LogWatch(folder: folder, job: "job", limit: 10))
        try String(repeating: "x", count: 100).write(toFile: folder.standardOutput(ofJob: "job"), atomically: false, encoding: .utf8)
        watch.look()
        #expect(LogLimit.read(folder.logLimit(ofJob: "job")) == 10)
        #expect(victimText == "precious")
    }

    @Test("a limit that no node notes is none", arguments: ["-5", "0", "9223372036854775807", "99999999999999999999", "", "ten"])
    func badLimit(text: String) throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try "\(text)\n".write(toFile: folder.logLimit(ofJob: "job"), atomically: false, encoding: .utf8)
        #expect(LogLimit.read(folder.logLimit(ofJob: "job")) == nil)
    }

    @Test("a mark is noted in no other file, and waits for nobody", arguments: Foreign.allCases)
    func order(foreign: Foreign) throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let path = folder.logOrder(ofJob: "job")
        try foreign.put(at: path, victim: victim)
        #expect(!LogOrder.append(LogOrder.Mark(output: 1, errors: 0), to: path))
        #expect(LogOrder.read(path) == [])
        #expect(victimText == "precious")
    }

    @Test("the byte of an opened gate goes to those at the gate alone", arguments: ["gate", "gate.new"])
    func gate(name: String) throws {
        let folder = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        let gate = try Gate(path: folder.gate("job"))
        try Foreign.link.put(at: folder.folder(ofJob: "job") + "/" + name, victim: victim)
        let opened = try #require(gate.openGate())
        opened.poke()
        #expect(victimText == "precious")
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.gate("job"))) == Data("\n".utf8))
    }

    @Test("the next attempt's files take the place of what was put there", arguments: Foreign.allCases)
    func files(foreign: Foreign) async throws {
        try await withVictim { node in
            let names = ["main.sh", "../a/b/file", "../stdout", "../stderr", "../gate", "../gate.new"]
            launch(node, names.map { foreign.line($0, victim: victim) }.joined())
            try await ended(node, code: 0)
            node.client.forget(job: "job")
            launch(node, "cat \"$WINDTUNNEL_GATE\"; cat ../a/b/file; echo err >&2; exit 7", gated: true)
            _ = try await node.started("job")
            node.client.openGate(job: "job")
            try await ended(node, code: 7)
            #expect(try node.output("job") == "\nconfig")
            #expect(try String(contentsOfFile: node.folder.standardError(ofJob: "job"), encoding: .utf8) == "err\n")
            #expect(victimText == "precious")
        }
    }

    @Test("a job whose folders became links is not started again, and says why", arguments: ["work", "a", "a/b"])
    func folders(name: String) async throws {
        try await withVictim { node in
            try FileManager.default.createDirectory(atPath: root + "/elsewhere/b", withIntermediateDirectories: true)
            launch(node, "cd ..; mv \(name) moved; ln -s '\(root)/elsewhere' \(name)")
            try await ended(node, code: 0)
            node.client.forget(job: "job")
            launch(node, "true")
            let message = await node.next { if case .launchFailed("job", let message) = $0 { message } else { nil } }
            #expect(message == "cannot open the folder \(node.folder.folder(ofJob: "job"))/\(name): Not a directory")
            #expect(try FileManager.default.subpathsOfDirectory(atPath: root + "/elsewhere") == ["b"])
        }
    }

    @Test("what an earlier attempt wrote stays where it was left alone")
    func appended() async throws {
        try await withVictim { node in
            for attempt in 1...2 {
                launch(node, "echo \(attempt)")
                try await ended(node, code: 0)
                node.client.forget(job: "job")
            }
            #expect(try node.output("job") == "1\n2\n")
        }
    }

    private func ended(_ node: NodeUnderTest, code: Int32) async throws {
        let exit = try await node.exit("job")
        #expect(exit.exitCode == code)
    }

    private func launch(_ node: NodeUnderTest, _ script: String, gated: Bool = false) {
        node.client.launch(
            JobLaunch(
                job: "job", executable: "/bin/sh", arguments: ["main.sh"], environment: [("PATH", "/usr/bin:/bin")], gated: gated,
                files: [
                    LaunchFile(path: "work/main.sh", contents: Array(script.utf8)), LaunchFile(path: "a/b/file", contents: Array("config".utf8)),
                ]))
    }

    private func withVictim(_ body: (NodeUnderTest) async throws -> Void) async throws {
        _ = try prepared()
        defer { try? FileManager.default.removeItem(atPath: root) }
        try await NodeUnderTest.with(body)
    }

    private func prepared() throws -> NodeFolder {
        let folder = try NodeFolder(path: root)
        try FileManager.default.createDirectory(atPath: folder.folder(ofJob: "job"), withIntermediateDirectories: true)
        for path in [folder.standardOutput(ofJob: "job"), folder.standardError(ofJob: "job")] { try Data().write(to: URL(fileURLWithPath: path)) }
        try "precious".write(toFile: victim, atomically: false, encoding: .utf8)
        return folder
    }
}
