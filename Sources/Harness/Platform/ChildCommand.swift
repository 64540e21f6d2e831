import Foundation
import ProcessSpawn

/// A command of the user's that runs beside the platform, on the user's own terminal.
public enum ChildCommand {
    /// - Parameters:
    ///   - words: the program and its arguments; a program without a slash is looked for on PATH.
    ///   - variables: set on top of this process's environment.
    ///   - signals: passed on to the command, but for an INT of the terminal, which the terminal sends to it by itself.
    /// - Returns: its exit code, or 128 plus the signal that ended it, as a shell says it.
    /// - Throws: ``UsageError`` where the program is not there or cannot be started.
    public static func run(
        _ words: [String], setting variables: [(name: String, value: String)], passing signals: AsyncStream<Int32>
    ) async throws -> Int32 {
        guard let program = words.first else { throw UsageError("no command was given; write it after --") }
        var environment = ProcessInfo.processInfo.environment
        for variable in variables { environment[variable.name] = variable.value }
        let path = program.contains("/") ? program : findExecutable(named: program, path: environment["PATH"] ?? "")
        guard let path else { throw UsageError("the command '\(program)' is not on PATH") }
        let child: SpawnedProcess
        do {
            child = try spawn(
                SpawnRequest(
                    executable: path, arguments: Array(words.dropFirst()),
                    environment: environment.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
                    standardInput: .descriptor(0), standardOutput: .descriptor(1), standardError: .descriptor(2)))
        } catch {
            throw UsageError("\(error)")
        }
        let passing = Task {
            for await signal in signals where signal != SIGINT || isatty(STDIN_FILENO) == 0 { child.send(signal: signal) }
        }
        defer { passing.cancel() }
        switch await child.waitForExit()?.ending {
        case .code(let code): return code
        case .signal(let signal): return 128 + signal
        case nil: return 1
        }
    }
}
