import Foundation
import Glibc
import ProcessSpawn
import TestedProgram
import Testing

/// A program that is stopped from outside leaves nothing behind.
@Suite("signals")
struct SignalTests {
    @Test("HUP stops serve like TERM: exit code 0, and no process is left")
    func hangUp() async throws {
        let folder = try Folder()
        let server = try await Server.start(in: folder)
        let job = try await server.submit("echo up; sleep 60")
        try await server.wait(job, hasWritten: "up")
        #expect(await server.end(SIGHUP) == 0)
        #expect(processes(with: folder.path) == [])
    }

    @Test("run passes TERM on to its command, and ends with the command's exit code")
    func run() async throws {
        let folder = try Folder()
        let script = try folder.write("wait.sh", "trap 'exit 5' TERM; touch \"$1/up\"; while :; do sleep 0.02; done")
        let process = try start(["run", "--state", "\(folder.path)/state", "--", "/bin/sh", script, folder.path], in: folder)
        _ = try await poll("the command is up") { FileManager.default.fileExists(atPath: folder.path + "/up") ? true : nil }
        process.send(signal: SIGTERM)
        #expect(exitCode(await process.waitForExit()) == 5)
        #expect(processes(with: folder.path) == [])
    }

    @Test("a check that is interrupted ends with 130, and leaves neither process nor folder")
    func check() async throws {
        let folder = try Folder()
        let temporary = folder.path + "/tmp"
        try FileManager.default.createDirectory(atPath: temporary, withIntermediateDirectories: true)
        let connector = try folder.write(
            "slow.py",
            """
            import sys, time
            sys.path.insert(0, '\(Place.root)/fixtures/connectors/good')
            from native import GoodConnector

            class Slow(GoodConnector):
                def authenticate(self):
                    open('\(folder.path)/up', 'w').close()
                    time.sleep(60)
            """)
        let process = try start(["check", "\(connector):Slow"], in: folder, ["TMPDIR": temporary])
        _ = try await poll("a call is under way") { FileManager.default.fileExists(atPath: folder.path + "/up") ? true : nil }
        process.send(signal: SIGINT)
        #expect(exitCode(await process.waitForExit()) == 130)
        #expect(processes(with: temporary) == [])
        #expect(try FileManager.default.contentsOfDirectory(atPath: temporary) == [])
    }

    private func start(_ arguments: [String], in folder: Folder, _ environment: [String: String] = [:]) throws -> SpawnedProcess {
        try spawn(
            SpawnRequest(
                executable: TestedProgram.path, arguments: arguments, environment: variables(environment), workingDirectory: folder.path,
                standardOutput: .null, standardError: .null))
    }
}
