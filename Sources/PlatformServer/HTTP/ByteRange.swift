/// The part of a file that a `Range` header asks for.
enum ByteRange: Equatable {
    /// All of it: there is no such header, or one that a server may leave aside (another unit, several ranges, no valid form).
    case all
    case part(Range<Int64>)
    /// It begins behind the end.
    case beyondEnd

    /// - Parameters:
    ///   - header: such as `bytes=0-99`, `bytes=100-` or `bytes=-50`.
    ///   - size: of the file, in bytes.
    init(_ header: String?, size: Int64) {
        self = .all
        guard let header, header.lowercased().hasPrefix("bytes=") else { return }
        let bounds = header.dropFirst("bytes=".count).split(separator: "-", omittingEmptySubsequences: false)
            .map { $0.drop { $0 == " " } }
        guard bounds.count == 2, bounds.allSatisfy({ $0.allSatisfy { $0.isASCII && $0.isNumber } }) else { return }
        // A number too large to be one is behind every end.
        let (first, last) = (Self.number(bounds[0]), Self.number(bounds[1]))
        switch (first, last) {
        case (nil, nil):
            return
        case (nil, let count?):
            self = count == 0 || size == 0 ? .beyondEnd : .part(max(0, size - count)..<size)
        case (let first?, let last):
            if let last, last < first { return }
            self = first >= size ? .beyondEnd : .part(first..<min(size, (last ?? size) &+ 1 > 0 ? (last ?? size) + 1 : size))
        }
    }

    private static func number(_ text: Substring) -> Int64? { text.isEmpty ? nil : Int64(text) ?? .max }
}
