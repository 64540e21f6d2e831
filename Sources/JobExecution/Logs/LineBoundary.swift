import Glibc

/// Where a text that still grows can be cut.
public enum LineBoundary {
    /// A line longer than this is cut inside.
    public static let lineBytesMax: Int64 = 64 * 1024
    /// Most lines end within so many bytes, which are looked at first.
    private static let firstLookBytes: Int64 = 512

    /// The end of the last whole line of a file beyond `taken`; a carriage return ends one too, as of a progress bar.
    public static func endOfWholeLines(_ descriptor: Int32, after taken: Int64, size: Int64) -> Int64 {
        for bytes in [firstLookBytes, lineBytesMax] {
            guard size > taken else { return taken }
            let start = max(taken, size - bytes)
            let tail = read(descriptor, from: start, count: Int(size - start))
            if let last = tail.lastIndex(where: { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }) { return start + Int64(last) + 1 }
        }
        return size - taken > lineBytesMax ? endOfWholeCharacters(descriptor, size: size) : taken
    }

    /// The end of the last whole UTF-8 character of a file's first `size` bytes.
    public static func endOfWholeCharacters(_ descriptor: Int32, size: Int64) -> Int64 {
        guard size > 0 else { return 0 }
        let start = max(0, size - 4)
        let tail = read(descriptor, from: start, count: Int(size - start))
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

    private static func read(_ descriptor: Int32, from offset: Int64, count: Int) -> [UInt8] {
        [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            while filled < count {
                let got = pread(descriptor, buffer.baseAddress.map { $0 + filled }, count - filled, off_t(offset) + off_t(filled))
                if got < 0, errno == EINTR { continue }
                guard got > 0 else { break }
                filled += got
            }
        }
    }
}
