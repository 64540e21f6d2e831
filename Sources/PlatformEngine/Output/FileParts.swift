/// Bytes out of one or more files, and what the platform says between them, one behind the other, read part by part.
public struct FileParts: Sendable, Sequence {
    /// The most bytes of one part.
    public static let partBytes = 256 * 1024

    struct Piece: Sendable {
        private enum Source: Sendable {
            case file(OpenFile)
            case text([UInt8])
        }

        private let source: Source
        private let offset: Int64
        let length: Int64

        init(file: OpenFile, offset: Int64, length: Int64) {
            source = .file(file)
            self.offset = offset
            self.length = length
        }

        init(text: String) {
            source = .text(Array(text.utf8))
            offset = 0
            length = Int64(text.utf8.count)
        }

        private init(_ source: Source, _ offset: Int64, _ length: Int64) {
            self.source = source
            self.offset = offset
            self.length = length
        }

        func skipping(_ count: Int64) -> Piece { Piece(source, offset + count, length - count) }

        func read(from start: Int64, count: Int) -> [UInt8] {
            switch source {
            case .file(let file): file.read(from: offset + start, count: count)
            case .text(let text): Array(text.dropFirst(Int(offset + start)).prefix(count))
            }
        }
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
            if cut < piece.length { kept.append(piece.skipping(cut)) }
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

    /// Up to so many bytes from the beginning.
    func first(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in self {
            bytes += part.prefix(count - bytes.count)
            if bytes.count == count { break }
        }
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
            var part = piece.read(from: done, count: count)
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
