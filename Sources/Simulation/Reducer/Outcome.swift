/// How a job ended.
enum Outcome: Sendable, Hashable {
    case succeeded
    case failed(ExitCause, String)
    case cancelled

    static let platformStopped = Outcome.failed(.platformStopped, "the platform was stopped while the job ran")
    static let nodeLost = Outcome.failed(.nodeLost, "the node that ran the job was lost")

    /// What the end of its process means, where the platform did not bring it about.
    init(_ exit: Exit) {
        if let signal = exit.signal {
            self = .failed(.signal, "killed by signal " + describeSignal(signal))
        } else if let code = exit.code {
            self = code == 0 ? .succeeded : .failed(.exit, "exited with code \(code)")
        } else {
            self = .failed(.exit, "ended, and its exit code could not be known")
        }
    }
}

extension JobRecord {
    /// A clock that was set back never makes a job start before it was submitted.
    mutating func start(at moment: Timestamp) {
        status = .running
        startedAt = max(createdAt, moment)
    }

    mutating func end(_ outcome: Outcome, at moment: Timestamp, rate: Rate?) {
        finishedAt = max(startedAt ?? createdAt, moment)
        switch outcome {
        case .succeeded:
            status = .succeeded
            cause = .exit
        case .failed(let cause, let message):
            status = .failed
            self.cause = cause
            error = JobError(code: cause.rawValue, message: message)
        case .cancelled:
            status = .cancelled
            cause = .cancelled
        }
        charge = Charge(self, rate: rate)
    }

    /// Takes over what the end of the process tells, also its start, when word of that was lost.
    mutating func note(_ seen: SeenExit) {
        if startedAt == nil { startedAt = max(createdAt, seen.startedAt) }
        exitCode = seen.exit.code
        signal = seen.exit.signal
        usage = seen.exit.usage
    }
}

extension SeenExit {
    /// When the process ended; never after that was heard of.
    var endedAt: Timestamp { min(at, exit.endedAt ?? at) }

    /// When the process started, as its node says or from the time it ran; never after its end.
    var startedAt: Timestamp {
        if let startedAt = exit.startedAt { return min(startedAt, endedAt) }
        let seconds = exit.usage.wallSeconds ?? 0
        // A figure out of this range is not a run time, and would not fit a timestamp.
        guard seconds > 0, seconds < 1e10 else { return endedAt }
        return endedAt.advanced(bySeconds: -seconds)
    }
}
