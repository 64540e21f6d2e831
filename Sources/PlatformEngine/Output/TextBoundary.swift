/// Where a text that still grows can be cut.
enum TextBoundary {
    /// A line longer than this is cut inside.
    static let lineBytesMax: Int64 = 64 * 1024

    /// The end of the last whole line of a file beyond `taken`; a carriage return ends one too, as of a progress bar.
    static func endOfWholeLines(_ file: OpenFile, after taken: Int64, size: Int64) -> Int64 {
        guard size > taken else { return taken }
        let start = max(taken, size - lineBytesMax)
        let tail = file.read(from: start, count: Int(size - start))
        if let last = tail.lastIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) {
            return start + Int64(last) + 1
        }
        return size - taken > lineBytesMax ? endOfWholeCharacters(file, size: size) : taken
    }

    /// The end of the last whole UTF-8 character of a file's first `size` bytes.
    static func endOfWholeCharacters(_ file: OpenFile, size: Int64) -> Int64 {
        let start = max(0, size - 4)
        let tail = file.read(from: start, count: Int(size - start))
        guard let lead = tail.lastIndex(where: { $0 & 0xC0 != 0x80 }) else { return size }
        let needed =
            switch tail[lead] {
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 1
            }
        return tail.count - lead < needed ? start + Int64(lead) : size
    }
}
