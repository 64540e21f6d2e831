/// SipHash-2-4, a keyed pseudo-random function with 64 bits of output.
///
/// After J.-P. Aumasson and D. J. Bernstein, "SipHash: a fast short-input PRF" (2012), section 2; the test holds it
/// against the vectors of the authors' reference implementation (`vectors.h`). The standard library's own is seeded
/// anew in each process and so cannot serve.
struct SipHash24 {
    private var v0: UInt64
    private var v1: UInt64
    private var v2: UInt64
    private var v3: UInt64

    static func hash(_ message: [UInt8], key: (UInt64, UInt64)) -> UInt64 {
        var state = SipHash24(key: key)
        let whole = message.count & ~7
        for start in stride(from: 0, to: whole, by: 8) {
            state.absorb(littleEndian(message[start..<start + 8]))
        }
        let last = UInt64(truncatingIfNeeded: message.count) << 56
        state.absorb(last | littleEndian(message[whole...]))
        return state.finish()
    }

    private init(key: (UInt64, UInt64)) {
        v0 = key.0 ^ 0x736f_6d65_7073_6575
        v1 = key.1 ^ 0x646f_7261_6e64_6f6d
        v2 = key.0 ^ 0x6c79_6765_6e65_7261
        v3 = key.1 ^ 0x7465_6462_7974_6573
    }

    private mutating func absorb(_ word: UInt64) {
        v3 ^= word
        for _ in 0..<2 { round() }
        v0 ^= word
    }

    private mutating func finish() -> UInt64 {
        v2 ^= 0xff
        for _ in 0..<4 { round() }
        return v0 ^ v1 ^ v2 ^ v3
    }

    private mutating func round() {
        v0 &+= v1
        v1 = rotate(v1, 13) ^ v0
        v0 = rotate(v0, 32)
        v2 &+= v3
        v3 = rotate(v3, 16) ^ v2
        v0 &+= v3
        v3 = rotate(v3, 21) ^ v0
        v2 &+= v1
        v1 = rotate(v1, 17) ^ v2
        v2 = rotate(v2, 32)
    }
}

private func rotate(_ word: UInt64, _ count: UInt64) -> UInt64 { word << count | word >> (64 - count) }

private func littleEndian(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
}
