/// One random decision, keyed by what it decides: never the next number of a generator.
///
/// `Draw(seed: 7, "latency", "alice", "submit", 3)` gives the same bits in every run and every process, however many
/// other draws were made before it. So one more request, a new rule or a concurrent client shifts no other decision.
public struct Draw: Sendable, Hashable {
    /// 64 uniform bits.
    public let bits: UInt64

    /// - Parameters:
    ///   - seed: The run's seed.
    ///   - path: What is decided, from the general to the particular. Two paths that differ anywhere are independent.
    public init(seed: UInt64, _ path: Component...) {
        self.init(seed: seed, path: path)
    }

    public init(seed: UInt64, path: [Component]) {
        // The second half of the key is this use's own name, "windtnl1" in ASCII.
        bits = SipHash24.hash(path.flatMap(\.encoded), key: (seed, 0x316c_6e74_646e_6977))
    }

    /// A number from 0 up to, and without, 1: a multiple of 2⁻⁵³.
    public func unit() -> Double { Double(bits >> 11) * 0x1p-53 }

    /// A step of a draw's path.
    public enum Component: Sendable, Hashable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral {
        case text(String)
        case number(Int64)

        public init(stringLiteral text: String) { self = .text(text) }
        public init(integerLiteral number: Int64) { self = .number(number) }

        /// A tag, then a fixed width or a length before the bytes: no two paths have the same encoding.
        var encoded: [UInt8] {
            switch self {
            case .text(let text):
                let bytes = Array(text.utf8)
                return [1] + littleEndianBytes(UInt64(bytes.count)) + bytes
            case .number(let number):
                return [2] + littleEndianBytes(UInt64(bitPattern: number))
            }
        }
    }
}

private func littleEndianBytes(_ word: UInt64) -> [UInt8] {
    (0..<8).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) }
}
