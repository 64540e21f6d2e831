import ArgumentParser
import Foundation
import Reporting

/// The options that every verb has.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Say nothing while working.") var quiet = false
    @Flag(name: .customLong("no-color"), help: "No colours (NO_COLOR is obeyed too).") var noColor = false

    /// Whether text for people on stdout is coloured.
    var colour: Bool { !noColor && ProcessInfo.processInfo.environment["NO_COLOR", default: ""].isEmpty && isatty(STDOUT_FILENO) == 1 }

    /// Whether a live line on stderr makes sense.
    var isLive: Bool { !quiet && isatty(STDERR_FILENO) == 1 }

    /// Says a line to a person while working, on stderr.
    func say(_ line: String) {
        if !quiet { FileHandle.standardError.write(Data((line + "\n").utf8)) }
    }
}

enum DataFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}

/// Writes the result to stdout, all of it.
func printResult(_ text: String) {
    FileHandle.standardOutput.write(Data((text.hasSuffix("\n") || text.isEmpty ? text : text + "\n").utf8))
}
