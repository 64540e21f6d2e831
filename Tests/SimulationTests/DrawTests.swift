import Testing

@testable import Simulation

@Suite struct DrawTests {
    /// The first lines of `vectors_sip64` of the authors' reference implementation: key 00…0f, message 00, 01, 02…
    @Test(
        "SipHash-2-4 gives its published vectors",
        arguments: zip(
            [0, 1, 2, 3, 4, 5, 6, 7, 8, 15],
            [
                0x726f_db47_dd0e_0e31, 0x74f8_39c5_93dc_67fd, 0x0d6c_8009_d9a9_4f5a, 0x8567_6696_d7fb_7e2d,
                0xcf27_94e0_2771_87b7, 0x1876_5564_cd99_a68d, 0xcbc9_466e_58fe_e3ce, 0xab02_00f5_8b01_d137,
                0x93f5_f579_9a93_2462, 0xa129_ca61_49be_45e5,
            ] as [UInt64]))
    func vectors(length: Int, expected: UInt64) {
        let key: (UInt64, UInt64) = (0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908)
        #expect(SipHash24.hash((0..<length).map { UInt8($0) }, key: key) == expected)
    }

    @Test("a draw depends on its seed and on every step of its path, and on nothing else")
    func keyed() {
        let draw = Draw(seed: 1, "latency", "ada", 3)
        #expect(draw == Draw(seed: 1, "latency", "ada", 3))
        let others = [
            Draw(seed: 2, "latency", "ada", 3), Draw(seed: 1, "latency", "ada", 4), Draw(seed: 1, "latency", "bob", 3),
            Draw(seed: 1, "latency", "ada"), Draw(seed: 1, "ada", "latency", 3),
        ]
        #expect(Set(others.map(\.bits) + [draw.bits]).count == 6)
    }

    @Test("no two paths are encoded alike")
    func unambiguous() {
        let paths: [[Draw.Component]] = [
            ["ab", "c"], ["a", "bc"], ["abc"], ["", "abc"], ["abc", ""], [1], ["1"], ["\u{01}"], [0], [], [""], [0, 0],
        ]
        #expect(Set(paths.map { $0.flatMap(\.encoded) }).count == paths.count)
    }

    @Test("units lie in 0..<1 and spread evenly")
    func units() {
        let units = (0..<10_000).map { Draw(seed: 7, "u", .number($0)).unit() }
        #expect(units.allSatisfy { (0..<1).contains($0) })
        var tenths = Array(repeating: 0, count: 10)
        for unit in units { tenths[Int(unit * 10)] += 1 }
        #expect(tenths.allSatisfy { (850...1150).contains($0) }, "\(tenths)")
    }
}
