import JobExecution
import Synchronization

/// Which of a job's streams.
public enum LogStream: String, Sendable, Hashable, CaseIterable {
    case combined, stdout, stderr
}

/// Reads what jobs wrote.
///
/// A job writes its two streams to two files, and nobody stands between: so how they were interleaved is known only as
/// closely as someone looked. Each read of the combined log merges what came since the last one, first of stdout, then
/// of stderr, whole lines only while the job lives, and notes how much it took of which in an index beside the logs. So
/// an earlier read is always a prefix of a later one, also across a restart, and without a read in between the end
/// shows all of stdout, then all of stderr.
final class LogReader: Sendable {
    private let node: NodeFolder
    /// Merging is one at a time: two that read the same growth must not both note it.
    private let merging = Mutex<Void>(())

    init(_ node: NodeFolder) { self.node = node }

    /// - Parameters:
    ///   - hasEnded: nothing will be added any more.
    ///   - offset: bytes to leave out at the beginning.
    func read(_ stream: LogStream, ofJob job: String, hasEnded: Bool, offset: Int64) -> FileParts {
        let files = JobFiles(node, job)
        switch stream {
        case .stdout: return single(files.standardOutput, hasEnded, offset)
        case .stderr: return single(files.standardError, hasEnded, offset)
        case .combined: return merging.withLock { _ in combined(files, hasEnded, offset) }
        }
    }

    private func single(_ path: String, _ hasEnded: Bool, _ offset: Int64) -> FileParts {
        guard let file = OpenFile(path) else { return .none }
        let length = hasEnded ? file.size : TextBoundary.endOfWholeCharacters(file, size: file.size)
        return FileParts([.init(file: file, offset: 0, length: length)], skipping: offset)
    }

    private func combined(_ files: JobFiles, _ hasEnded: Bool, _ offset: Int64) -> FileParts {
        guard let output = OpenFile(files.standardOutput), let errors = OpenFile(files.standardError) else { return .none }
        var index = MergeIndex(path: files.mergeIndex)
        index.merge(.output, upTo: Self.end(output, after: index.taken(.output), hasEnded))
        index.merge(.errors, upTo: Self.end(errors, after: index.taken(.errors), hasEnded))
        let final = index.runs
        index.save()
        // The last merge comes out the same each time, so it may be shown where a full disk leaves no room to note it.
        let runs = hasEnded ? final : index.runs
        var taken: [MergeIndex.Source: Int64] = [:]
        let pieces = runs.map { run in
            let start = taken[run.source, default: 0]
            taken[run.source] = start + run.length
            return FileParts.Piece(file: run.source == .output ? output : errors, offset: start, length: run.length)
        }
        return FileParts(pieces, skipping: offset)
    }

    private static func end(_ file: OpenFile, after taken: Int64, _ hasEnded: Bool) -> Int64 {
        let size = file.size
        return hasEnded ? size : TextBoundary.endOfWholeLines(file, after: taken, size: size)
    }
}
