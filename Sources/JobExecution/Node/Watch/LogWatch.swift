import Glibc

/// Looks after the two streams of one running job: notes in which order they grow, and keeps each within its limit.
final class LogWatch {
    /// Both of them, as they lie on the disk.
    struct Streams {
        let inodes: Set<UInt64>
        /// How much of each is kept.
        let keptBytes: Int64
    }

    private let order: String
    private let limitNote: String
    private let limit: Int64?
    private let output: Int32
    private let errors: Int32
    /// As long as they were at the last look; what is beyond the limit was cut off since.
    private var seen = LogOrder.Mark()
    /// As long as they were when a mark was made last, and what it said: whole lines only.
    private var marked = LogOrder.Mark()
    private var noted = LogOrder.Mark()
    private var isLimitNoted = false

    /// Nil where the streams cannot be opened; it may be tried again.
    init?(folder: NodeFolder, job: String, limit: Int64?) {
        order = folder.logOrder(ofJob: job)
        limitNote = folder.logLimit(ofJob: job)
        self.limit = limit
        output = PlainFile.open(folder.standardOutput(ofJob: job), O_RDWR)
        errors = PlainFile.open(folder.standardError(ofJob: job), O_RDWR)
        guard output >= 0, errors >= 0 else { return nil }
    }

    deinit { for descriptor in [output, errors] where descriptor >= 0 { close(descriptor) } }

    func look() {
        let sizes = LogOrder.Mark(output: Self.size(output), errors: Self.size(errors))
        let now = seen.joined(with: sizes)
        if now != seen {
            // Only where one stream has grown since the other did is there an order to note.
            let isTurn =
                (seen.errors > marked.errors && now.output > seen.output) || (seen.output > marked.output && now.errors > seen.errors)
            if isTurn { note(seen) }
            seen = now
        }
        keepWithinLimit(sizes)
    }

    private func note(_ mark: LogOrder.Mark) {
        let whole = LogOrder.Mark(
            output: end(output, noted.output, mark.output), errors: end(errors, noted.errors, mark.errors))
        guard whole == noted || LogOrder.append(whole, to: order) else { return }
        marked = mark
        noted = whole
    }

    private func end(_ stream: Int32, _ taken: Int64, _ size: Int64) -> Int64 {
        if let limit, size > limit { return max(taken, limit + 1) }
        return LineBoundary.endOfWholeLines(stream, after: taken, size: size)
    }

    /// Cuts what is too long one byte behind the limit, by which a reader knows that there was more. A stream is appended to, so the job writes on
    /// behind the cut and does not notice.
    private func keepWithinLimit(_ sizes: LogOrder.Mark) {
        guard let limit else { return }
        for (stream, size) in [(output, sizes.output), (errors, sizes.errors)] where size > limit + 1 {
            noteLimit(limit)
            ftruncate(stream, off_t(limit + 1))
        }
    }

    /// Once: where it cannot be noted, the node's log is told so once.
    private func noteLimit(_ limit: Int64) {
        guard !isLimitNoted else { return }
        isLimitNoted = true
        // What is noted was cut by an earlier node, and there.
        if LogLimit.read(limitNote) == nil { LogLimit.write(limit, to: limitNote) }
    }

    /// Nil where all of them is kept. Between two looks they are longer than what is kept.
    var streams: Streams? {
        guard let limit else { return nil }
        let inodes = [output, errors].compactMap { descriptor in
            var status = stat()
            return fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
        }
        return Streams(inodes: Set(inodes), keptBytes: limit + 1)
    }

    private static func size(_ descriptor: Int32) -> Int64 {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? Int64(status.st_size) : 0
    }
}
