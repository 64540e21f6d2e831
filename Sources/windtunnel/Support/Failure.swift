import ArgumentParser
import Foundation
import Harness

/// Makes an error into one line on stderr and an exit code, in one place.
enum Failure {
    static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if WindtunnelCommand.exitCode(for: error) == .success {
            Descriptor.output.tryToWrite(WindtunnelCommand.fullMessage(for: error) + "\n")
            return 0
        }
        if UserErrors.isUsers(error) { return usage("\(error)") }
        if isParsing(error) {
            let message = WindtunnelCommand.message(for: error).split(separator: "\n").joined(separator: " ")
            let verbs = WindtunnelCommand.configuration.subcommands.map { $0.configuration.commandName ?? "" }
            let verb = arguments.first.flatMap { verbs.contains($0) ? " \($0)" : nil } ?? ""
            return usage("\(message) (see 'windtunnel\(verb) --help')")
        }
        return couldNotMeasure("\(error)")
    }

    /// A mistake in usage or configuration.
    static func usage(_ line: String) -> Int32 {
        say(line)
        return 2
    }

    static func couldNotMeasure(_ line: String) -> Int32 {
        say(line)
        return 3
    }

    private static func say(_ line: String) { Descriptor.error.tryToWrite("windtunnel: \(line)\n") }

    private static func isParsing(_ error: any Error) -> Bool {
        error is ValidationError || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
