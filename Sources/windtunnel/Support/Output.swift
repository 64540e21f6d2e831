import ArgumentParser
import Foundation
import Harness
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
        if !quiet { Descriptor.error.tryToWrite(line + "\n") }
    }
}

enum DataFormat: String, ExpressibleByArgument, CaseIterable, Sendable {
    case text, json
}

/// Writes the result to stdout, all of it. A reader that has gone (`| head`) is no error: it has what it wanted.
/// - Throws: ``UsageError`` where stdout takes no more, such as on a full disk.
func printResult(_ text: String) throws {
    try Descriptor.output.write(Array((text.hasSuffix("\n") || text.isEmpty ? text : text + "\n").utf8))
}

/// A standard stream. Foundation's `FileHandle` ends the program where a stream takes no more; this says so instead.
struct Descriptor {
    static let output = Descriptor(number: STDOUT_FILENO, name: "standard output")
    static let error = Descriptor(number: STDERR_FILENO, name: "standard error")

    let number: Int32
    let name: String

    func write(_ bytes: [UInt8]) throws { _ = try send(bytes) }

    /// - Returns: false where nobody reads any more.
    func send(_ bytes: [UInt8]) throws -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { Foundation.write(number, $0.baseAddress, $0.count) }
            if count >= 0 {
                rest = rest.dropFirst(count)
            } else if errno == EPIPE {
                return false
            } else if errno != EINTR && errno != EAGAIN {
                throw UsageError("cannot write to \(name): \(String(cString: strerror(errno)))")
            }
        }
        return true
    }

    /// For what is said in passing: where it cannot be said, the work goes on.
    func tryToWrite(_ text: String) { try? write(Array(text.utf8)) }

    /// Opens `/dev/null` in place of a standard stream that is closed, before any other file can take its number.
    static func openClosedOnes() {
        for number in STDIN_FILENO...STDERR_FILENO where fcntl(number, F_GETFD) == -1 { _ = open("/dev/null", O_RDWR) }
    }
}
