import Dispatch
import Foundation
import Glibc
import NativeClient
import ProcessSpawn
import TestedProgram
import Testing

/// Where things are for these tests.
enum Place {
    static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent().path
    static let good = root + "/fixtures/connectors/good/native.py"

    /// Of this process, without what would point the program at another server.
    static let environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("WINDTUNNEL_") && $0.key != "VIRTUAL_ENV" }
}

/// A folder that goes away with this object.
final class Folder: Sendable {
    let path: String

    init() throws {
        path = (NSTemporaryDirectory() as NSString).appendingPathComponent("command-\(UUID().uuidString)")
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// - Returns: the path of the file.
    @discardableResult
    func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    func read(_ name: String) -> String { (try? String(contentsOfFile: "\(path)/\(name)", encoding: .utf8)) ?? "" }
}

/// What a run of the program left: its exit code (128 and the signal, where one ended it), and what it wrote.
struct Ended {
    var code: Int32
    var output: String
    var errors: String

    /// The one line on stderr, without `windtunnel: `; nil where it is not one line.
    var complaint: String? {
        let lines = errors.split(separator: "\n")
        guard lines.count == 1, let line = lines.first, line.hasPrefix("windtunnel: ") else { return nil }
        return String(line.dropFirst("windtunnel: ".count))
    }

    /// The output as JSON.
    func json() throws -> [String: Any] { try #require(JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]) }
}

/// Runs the program to its end, as a user would. One that does not end in time is killed, and so has code 137.
func windtunnel(_ arguments: String..., in folder: Folder, environment: [String: String] = [:]) async throws -> Ended {
    try await run(TestedProgram.path, arguments, in: folder, environment: environment)
}

func run(
    _ executable: String, _ arguments: [String], in folder: Folder, workingFolder: String? = nil, environment: [String: String] = [:]
) async throws -> Ended {
    let files = try Folder()
    let process = try spawn(
        SpawnRequest(
            executable: executable, arguments: arguments, environment: variables(environment), workingDirectory: workingFolder ?? folder.path,
            standardOutput: .file(path: "\(files.path)/out", append: false), standardError: .file(path: "\(files.path)/err", append: false)))
    let watch = DispatchWorkItem { process.send(signal: SIGKILL) }
    DispatchQueue.global().asyncAfter(deadline: .now() + 60, execute: watch)
    let code = exitCode(await process.waitForExit())
    watch.cancel()
    return Ended(code: code, output: files.read("out"), errors: files.read("err"))
}

func variables(_ more: [String: String]) -> [(name: String, value: String)] {
    Place.environment.merging(more) { $1 }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
}

func exitCode(_ report: ExitReport?) -> Int32 {
    switch report?.ending {
    case .code(let code): code
    case .signal(let signal): 128 + signal
    case nil: -1
    }
}

/// Processes that carry `mark` in their environment or command line.
func processes(with mark: String) -> [Int32] {
    allProcesses().filter { entry in
        guard !entry.hasEnded else { return false }
        let command = (try? Data(contentsOf: URL(fileURLWithPath: "/proc/\(entry.pid)/cmdline"))).map { [UInt8]($0) } ?? []
        return contains(command, mark) || contains(processEnvironment(entry.pid), mark)
    }.map(\.pid)
}

private func contains(_ bytes: [UInt8], _ text: String) -> Bool { String(decoding: bytes, as: UTF8.self).contains(text) }
