/// The secret by which a tenant, or an administrator, is known.
public struct Token: Sendable, Hashable {
    public let text: String

    public init(_ text: String) { self.text = text }

    /// 192 bits of the system's randomness, in letters that need no quoting.
    public static func random() -> Token {
        var generator = SystemRandomNumberGenerator()
        let words = (0..<3).map { _ in String(generator.next() as UInt64, radix: 16) }
        return Token("wt_" + words.map { String(repeating: "0", count: 16 - $0.count) + $0 }.joined())
    }

    /// Compares in a time that does not depend on where the two differ.
    public func matches(_ other: Substring) -> Bool {
        let mine = Array(text.utf8)
        let theirs = Array(other.utf8)
        var difference = mine.count ^ theirs.count
        for (index, byte) in theirs.enumerated() where !mine.isEmpty {
            difference |= Int(byte ^ mine[index % mine.count])
        }
        return difference == 0
    }
}
