/// Bytes out of one or more files, one behind the other, read part by part.
public struct FileParts: Sendable, Sequence {
    /// The most bytes of one part.
    public static let partBytes = 256 * 1024

    struct Piece: Sendable {
        var file: OpenFile
        var offset: Int64
        var length: Int64
    }

    private let pieces: [Piece]
    /// Of all parts together.
    public let length: Int64

    /// - Parameter skipped: bytes to leave out at the beginning.
    init(_ pieces: [Piece], skipping skipped: Int64 = 0) {
        var rest = skipped
        var kept: [Piece] = []
        for piece in pieces {
            let cut = Swift.min(rest, piece.length)
            rest -= cut
            if cut < piece.length { kept.append(Piece(file: piece.file, offset: piece.offset + cut, length: piece.length - cut)) }
        }
        self.pieces = kept
        length = kept.reduce(0) { $0 + $1.length }
    }

    static let none = FileParts([])

    /// Everything at once.
    public func all() -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Int(length))
        for part in self { bytes += part }
        return bytes
    }

    public func makeIterator() -> Iterator { Iterator(pieces: pieces[...]) }

    public struct Iterator: IteratorProtocol {
        var pieces: ArraySlice<Piece>
        private var done: Int64 = 0

        init(pieces: ArraySlice<Piece>) { self.pieces = pieces }

        public mutating func next() -> [UInt8]? {
            guard let piece = pieces.first else { return nil }
            let count = Int(Swift.min(Int64(FileParts.partBytes), piece.length - done))
            var part = piece.file.read(from: piece.offset + done, count: count)
            // A job that cut its own file short does not make an answer shorter than was promised.
            if part.count < count { part += [UInt8](repeating: 0, count: count - part.count) }
            done += Int64(count)
            if done == piece.length {
                pieces.removeFirst()
                done = 0
            }
            return part
        }
    }
}
