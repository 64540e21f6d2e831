import JobExecution

/// One stream of a job, shown up to its limit and then with a line that says so.
struct CappedLog {
    private let file: OpenFile
    private let limitBytes: Int64
    private let size: Int64
    private var taken: Int64 = 0
    private var isCut = false

    init(_ file: OpenFile, limitBytes: Int64) {
        self.file = file
        self.limitBytes = limitBytes
        size = file.size
    }

    /// What comes next, up to a length of the stream. Beyond the limit that is the rest up to there, and once the line.
    mutating func pieces(upTo length: Int64) -> [FileParts.Piece] {
        // A job can write marks of its own, of what is not there.
        let length = min(length, size)
        guard length > limitBytes else { return take(upTo: length) }
        guard !isCut else { return [] }
        isCut = true
        let end = TextBoundary.endOfWholeCharacters(file, size: limitBytes)
        let beginsLine = end == 0 || file.read(from: end - 1, count: 1) == [UInt8(ascii: "\n")]
        return take(upTo: end) + [FileParts.Piece(text: (beginsLine ? "" : "\n") + Self.marker(limitBytes))]
    }

    private mutating func take(upTo end: Int64) -> [FileParts.Piece] {
        guard end > taken else { return [] }
        defer { taken = end }
        return [FileParts.Piece(file: file, offset: taken, length: end - taken)]
    }

    private static func marker(_ bytes: Int64) -> String {
        let mebibyte: Int64 = 1 << 20
        let amount = bytes % mebibyte == 0 ? "\(bytes / mebibyte) MiB" : "\(bytes) bytes"
        return "[windtunnel: the log is cut here, at \(amount); what follows was dropped]\n"
    }
}
