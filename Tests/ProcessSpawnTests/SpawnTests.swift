import Foundation
import Testing

@testable import ProcessSpawn

@Suite("Starting a process")
struct SpawnTests {
    private let folder = TemporaryFolder()

    @Test("a program that is not there is an error that names it")
    func missingProgram() {
        let error = #expect(throws: SpawnError.self) { try spawn(SpawnRequest(executable: "/nowhere/tool")) }
        #expect(error?.description == "cannot run /nowhere/tool: No such file or directory")
        #expect(error?.step == .execute)
    }

    @Test("a working directory that is not there is an error that names it")
    func missingDirectory() {
        let error = #expect(throws: SpawnError.self) {
            try spawn(SpawnRequest(executable: "/bin/sh", workingDirectory: "/nowhere"))
        }
        #expect(error?.description == "cannot enter the working directory /nowhere: No such file or directory")
    }

    @Test("an output file that cannot be opened is an error that names it")
    func unwritableOutput() {
        let error = #expect(throws: SpawnError.self) {
            try spawn(SpawnRequest(executable: "/bin/sh", standardOutput: .file(path: "/nowhere/out", append: false)))
        }
        #expect(error?.step == .open)
        #expect(error?.path == "/nowhere/out")
    }

    @Test("the child has the given arguments, environment and directory, and nothing else")
    func surroundings() async throws {
        let output = try await run("pwd; env | grep -v -e ^_= -e ^PWD= -e ^SHLVL= ; echo \"$0|$1\"", extra: ["zero", "one two"])
        #expect(output == "\(folder.path)\nONLY=this\nzero|one two\n")
    }

    @Test("no descriptor of this process reaches the child but those it was given")
    func descriptors() async throws {
        let leaked = open("/dev/null", O_RDONLY)  // deliberately without CLOEXEC
        defer { close(leaked) }
        let given = open("/dev/null", O_RDONLY | O_CLOEXEC)
        defer { close(given) }
        let output = try await run("for f in /proc/self/fd/*; do echo ${f##*/}; done", inherited: [(given, 7)])
        let numbers = Set(output.split(separator: "\n").compactMap { Int($0) })
        // The shell itself opens the folder while it expands the pattern.
        #expect(numbers.isSuperset(of: [0, 1, 2, 7]))
        #expect(numbers.count <= 5)
    }

    @Test("descriptors may swap places")
    func swappedDescriptors() async throws {
        let first = folder.file("first", "1")
        let second = folder.file("second", "2")
        let one = open(first, O_RDONLY | O_CLOEXEC)
        let two = open(second, O_RDONLY | O_CLOEXEC)
        defer {
            close(one)
            close(two)
        }
        let output = try await run("cat /proc/self/fd/\(one) /proc/self/fd/\(two)", inherited: [(two, one), (one, two)])
        #expect(output == "21")
    }

    @Test("a new session is led by the child", arguments: [true, false])
    func session(isNew: Bool) async throws {
        let process = try spawn(SpawnRequest(executable: "/bin/sleep", arguments: ["1000"], newSession: isNew))
        let entry = try #require(processEntry(process.pid))
        #expect((entry.session == process.pid) == isNew)
        process.send(signal: SIGKILL)
        #expect(await process.waitForExit()?.ending == .signal(SIGKILL))
    }

    @Test("limits hold from the first instruction")
    func limits() async throws {
        let output = try await run("ulimit -n; ulimit -c", limits: [ResourceLimit(.openFiles, 64), ResourceLimit(.coreSizeBytes, 0)])
        #expect(output == "64\n0\n")
    }

    @Test("a blocked or ignored signal of this process is neither in the child")
    func signals() async throws {
        signal(SIGUSR1, SIG_IGN)
        defer { signal(SIGUSR1, SIG_DFL) }
        let output = try await run("grep -E '^Sig(Blk|Ign)' /proc/self/status")
        #expect(output.split(separator: "\n").allSatisfy { $0.hasSuffix("0000000000000000") }, "\(output)")
    }

    @Test("a report has the exit code")
    func exitCode() async throws {
        let process = try spawn(SpawnRequest(executable: "/bin/sh", arguments: ["-c", "exit 7"]))
        let report = try #require(await process.waitForExit())
        #expect(report.ending == .code(7))
        #expect(report.maxRSSBytes > 0)
        #expect(reap(pid: process.pid, blocking: false) == nil)
    }

    @Test("a process that dies with its parent outlives the thread that asked for it")
    func diesWithProcessNotThread() async throws {
        let spawned = await withCheckedContinuation { continuation in
            startThread {
                continuation.resume(
                    returning: Result { try spawn(SpawnRequest(executable: "/bin/cat", standardInput: .null, diesWithParent: true)) })
            }
        }
        let process = try spawned.get()
        #expect(await process.waitForExit()?.ending == .code(0))
    }

    @Test("a text with a NUL byte is refused")
    func nul() {
        let error = #expect(throws: SpawnError.self) { try spawn(SpawnRequest(executable: "/bin/sh", arguments: ["a\0b"])) }
        #expect(error?.step == .request)
    }

    @Test("a program is found on PATH as a shell would")
    func lookup() {
        #expect(findExecutable(named: "sh", path: "/nowhere:/bin") == "/bin/sh")
        #expect(findExecutable(named: "sh", path: "/nowhere") == nil)
        #expect(findExecutable(named: "passwd", path: "/etc") == nil)
        #expect(findExecutable(named: "/bin/sh", path: "") == "/bin/sh")
    }

    @Test("a signal spares a process with the same pid and another start time")
    func reusedPid() async throws {
        let process = try spawn(SpawnRequest(executable: "/bin/sleep", arguments: ["1000"]))
        let start = try #require(processStartTime(process.pid))
        #expect(!signalProcess(pid: process.pid, startTime: start + 1, signal: SIGKILL))
        #expect(processEntry(process.pid)?.hasEnded == false)
        #expect(signalProcess(pid: process.pid, startTime: start, signal: SIGTERM))
        #expect(await process.waitForExit()?.ending == .signal(SIGTERM))
    }

    /// What a shell script prints.
    private func run(
        _ script: String, extra: [String] = [], inherited: [(from: Int32, to: Int32)] = [], limits: [ResourceLimit] = []
    ) async throws -> String {
        let output = "\(folder.path)/out"
        let process = try spawn(
            SpawnRequest(
                executable: "/bin/sh", arguments: ["-c", script] + extra, environment: [("ONLY", "this")], workingDirectory: folder.path,
                standardOutput: .file(path: output, append: false), inherited: inherited, limits: limits))
        #expect(await process.waitForExit()?.ending == .code(0))
        return try String(contentsOfFile: output, encoding: .utf8)
    }
}

/// A folder that goes with the test.
final class TemporaryFolder: Sendable {
    let path: String

    init() {
        path = NSTemporaryDirectory() + "spawn-\(UUID().uuidString)"
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String, _ contents: String) -> String {
        try? contents.write(toFile: "\(path)/\(name)", atomically: true, encoding: .utf8)
        return "\(path)/\(name)"
    }
}
