import ArgumentParser
import Foundation
import Harness

/// Makes an error into one line on stderr and an exit code, in one place.
enum Failure {
    static func report(_ error: any Error, _ arguments: [String]) -> Int32 {
        if let code = error as? ExitCode { return code.rawValue }
        if WindtunnelCommand.exitCode(for: error) == .success {
            print(WindtunnelCommand.fullMessage(for: error))
            return 0
        }
        if UserErrors.isUsers(error) { return usage("\(error)") }
        if isParsing(error) {
            let message = WindtunnelCommand.message(for: error).split(separator: "\n").joined(separator: " ")
            let verb = arguments.first.map { $0.hasPrefix("-") ? "" : " \($0)" } ?? ""
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

    private static func say(_ line: String) { FileHandle.standardError.write(Data("windtunnel: \(line)\n".utf8)) }

    private static func isParsing(_ error: any Error) -> Bool {
        error is ValidationError || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
