/// The path of a file below a folder: relative, in plain parts, without a way out.
public struct FilePath: Sendable, Hashable {
    /// The most bytes of a path, and of one of its parts.
    public static let bytesMax = 1024
    public static let partBytesMax = 255
    /// The most parts: whoever walks a folder holds one descriptor for each.
    public static let partsMax = 64

    public let text: String
    let parts: [String]

    /// - Parameter text: such as `data/train.csv`, no longer percent-encoded.
    /// - Throws: `invalid`, naming what is wrong with it.
    public init(_ text: String) throws(PlatformError) {
        // Bytes, not characters: a slash with an accent behind it is one character, and to the system still a slash.
        let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).map { String(Substring($0)) }
        if let flaw = Self.flaw(text, parts) {
            throw .invalid("the path \"\(Self.shown(text))\" \(flaw); it must be relative, such as data/train.csv")
        }
        self.text = text
        self.parts = parts
    }

    private static func flaw(_ text: String, _ parts: [String]) -> String? {
        if text.isEmpty { return "is empty" }
        if text.utf8.count > bytesMax { return "has \(text.utf8.count) bytes, more than the \(bytesMax) that a path may have" }
        if text.utf8.contains(0) { return "holds a NUL" }
        if text.utf8.first == UInt8(ascii: "/") { return "begins with a slash" }
        if parts.count > partsMax { return "has \(parts.count) parts, more than \(partsMax)" }
        for part in parts {
            if part.isEmpty { return "has an empty part" }
            if part == "." || part == ".." { return "has the part \"\(part)\"" }
            if part.utf8.count > partBytesMax { return "has a part of \(part.utf8.count) bytes, more than \(partBytesMax)" }
        }
        return nil
    }

    /// Short enough for a line, and without what would break one.
    private static func shown(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.prefix(100).filter { $0.value >= 0x20 && $0.value != 0x7F }))
    }
}
