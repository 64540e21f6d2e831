import Glibc
import ProcessSpawn

/// The first process of a job's sandbox: it runs the job, and tells on descriptor 3 how the job ended, which an exit code alone cannot: there
/// 130 is 130, and a signal is a signal.
public enum SandboxedMain {
    /// What follows `node` on the command line.
    public static let argument = "in-sandbox"

    /// - Parameter command: the program's absolute path, and its arguments.
    /// - Returns: the exit code.
    static func run(_ command: [String]) -> Int32 {
        guard let program = command.first else { return 2 }
        do throws(SpawnError) {
            // Its own session, as without a sandbox; and signals at their defaults, whatever they are here.
            let job = try spawn(
                SpawnRequest(
                    executable: program, arguments: Array(command.dropFirst()), environment: ownEnvironment(),
                    standardInput: .descriptor(STDIN_FILENO), standardOutput: .descriptor(STDOUT_FILENO),
                    standardError: .descriptor(STDERR_FILENO), newSession: true, diesWithParent: true))
            switch reap(pid: job.pid, blocking: true)?.ending {
            case .code(let code): tell("code \(code)")
            case .signal(let signal): tell("signal \(signal)")
            case nil: return 1
            }
            return 0
        } catch {
            NodeLog.write(error.description)
            tell("code 127")
            return 127
        }
    }

    private static func ownEnvironment() -> [(name: String, value: String)] {
        processEnvironment(getpid()).split(separator: 0).compactMap { entry in
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { return nil }
            let value = entry[entry.index(after: equals)...]
            return (String(decoding: entry[..<equals], as: UTF8.self), String(decoding: value, as: UTF8.self))
        }
    }

    private static func tell(_ text: String) {
        let line = Array("\(text)\n".utf8)
        _ = line.withUnsafeBytes { write(reportDescriptor, $0.baseAddress, $0.count) }
    }

    private static let reportDescriptor: Int32 = 3
}
