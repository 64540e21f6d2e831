import JobExecution

/// Which of a job's streams.
public enum LogStream: String, Sendable, Hashable, CaseIterable {
    case combined, stdout, stderr
}

/// Reads what jobs wrote.
///
/// A job writes its two streams to two files, and nobody stands between: so how they were interleaved is known only as
/// closely as someone looked. The node looks every 50 ms and marks how long they were; whoever reads the combined log of a
/// running job marks how much it is about to show, whole lines only. The log is what the marks say, in their order, from one
/// to the next first of stdout, then of stderr; and at the end what is left of stdout, then of stderr. Marks are only added,
/// so an earlier read is always a prefix of a later one, also across a restart.
final class LogReader: Sendable {
    private let jobs: JobsFolder
    private let limitBytes: Int64

    /// - Parameter limitBytes: how much of each stream is kept, where the job's folder says nothing else.
    init(_ jobs: JobsFolder, limitBytes: Int64) {
        self.jobs = jobs
        self.limitBytes = limitBytes
    }

    /// - Parameters:
    ///   - hasEnded: nothing will be added any more.
    ///   - offset: bytes to leave out at the beginning.
    func read(_ stream: LogStream, ofJob job: String, hasEnded: Bool, offset: Int64) -> FileParts {
        let limit = LogLimit.read(jobs.logLimit(ofJob: job)) ?? limitBytes
        switch stream {
        case .stdout: return single(jobs.standardOutput(ofJob: job), limit, hasEnded, offset)
        case .stderr: return single(jobs.standardError(ofJob: job), limit, hasEnded, offset)
        case .combined: return combined(job, limit, hasEnded, offset)
        }
    }

    /// Whether the job wrote more to stdout than is kept of it.
    func isOutputCut(ofJob job: String) -> Bool {
        let limit = LogLimit.read(jobs.logLimit(ofJob: job)) ?? limitBytes
        return OpenFile(jobs.standardOutput(ofJob: job))?.size ?? 0 > limit
    }

    private func single(_ path: String, _ limit: Int64, _ hasEnded: Bool, _ offset: Int64) -> FileParts {
        guard let file = OpenFile(path) else { return .none }
        var log = CappedLog(file, limitBytes: limit)
        let size = file.size
        return FileParts(log.pieces(upTo: hasEnded ? size : TextBoundary.endOfWholeCharacters(file, size: size)), skipping: offset)
    }

    private func combined(_ job: String, _ limit: Int64, _ hasEnded: Bool, _ offset: Int64) -> FileParts {
        guard let output = OpenFile(jobs.standardOutput(ofJob: job)), let errors = OpenFile(jobs.standardError(ofJob: job)) else { return .none }
        let order = jobs.logOrder(ofJob: job)
        var marks = LogOrder.read(order)
        if hasEnded {
            marks.append(LogOrder.Mark(output: output.size, errors: errors.size))
        } else {
            let last = marks.last ?? LogOrder.Mark()
            let now = LogOrder.Mark(
                output: Self.end(output, after: last.output, limit), errors: Self.end(errors, after: last.errors, limit))
            // Others may have added marks meanwhile: what counts is where ours came to stand. What cannot be noted is not shown yet.
            if now.joined(with: last) != last, LogOrder.append(now, to: order) { marks = LogOrder.read(order) }
        }
        var logs = (output: CappedLog(output, limitBytes: limit), errors: CappedLog(errors, limitBytes: limit))
        return FileParts(marks.flatMap { logs.output.pieces(upTo: $0.output) + logs.errors.pieces(upTo: $0.errors) }, skipping: offset)
    }

    /// How much of a growing stream may be shown.
    private static func end(_ file: OpenFile, after taken: Int64, _ limit: Int64) -> Int64 {
        let size = file.size
        return size > limit ? limit + 1 : TextBoundary.endOfWholeLines(file, after: taken, size: size)
    }
}
