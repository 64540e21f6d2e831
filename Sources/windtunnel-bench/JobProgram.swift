/// The smallest thing that a job can do: as a process of its own, and as a submission.
enum JobProgram: String, Sendable {
    case shell
    case python

    var path: String {
        switch self {
        case .shell: "/bin/sh"
        case .python: "/usr/bin/python3"
        }
    }

    var arguments: [String] {
        switch self {
        case .shell: ["sh", "-c", "true"]
        case .python: ["python3", "-c", "pass"]
        }
    }

    var submission: String {
        switch self {
        case .shell: #"{"code":"true","language":"shell"}"#
        case .python: #"{"code":"pass","language":"python"}"#
        }
    }
}

extension Options {
    /// `--program shell|python`.
    mutating func program() throws(BenchError) -> JobProgram {
        guard let name = optional("program") else { return .shell }
        guard let program = JobProgram(rawValue: name) else { throw .usage("--program is '\(name)'; it is shell or python") }
        return program
    }
}
