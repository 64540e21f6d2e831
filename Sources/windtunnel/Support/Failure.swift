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
            return usage("\(message) (see '\((["windtunnel"] + verbs(arguments)).joined(separator: " ")) --help')")
        }
        return couldNotMeasure("\(error)")
    }

    /// The verb, and the verb of that verb, whose help tells what would be right.
    private static func verbs(_ arguments: [String]) -> [String] {
        var verbs: [String] = []
        var known = WindtunnelCommand.configuration.subcommands
        for argument in arguments {
            guard let verb = known.first(where: { name(of: $0) == argument }) else { break }
            verbs.append(argument)
            known = verb.configuration.subcommands
        }
        return verbs
    }

    /// Without a name of its own, a verb has that of its type.
    private static func name(of verb: any ParsableCommand.Type) -> String {
        verb.configuration.commandName ?? "\(verb)".lowercased()
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

    /// Trouble that ends nothing, told with `--quiet` too.
    static func notice(_ line: String) { say(line) }

    private static func say(_ line: String) { Descriptor.error.tryToWrite("windtunnel: \(line)\n") }

    private static func isParsing(_ error: any Error) -> Bool {
        error is ValidationError || String(reflecting: type(of: error)).hasPrefix("ArgumentParser.")
    }
}
