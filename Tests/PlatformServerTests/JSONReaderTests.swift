import Foundation
import Testing

@testable import PlatformServer

@Suite("Strict JSON")
struct JSONReaderTests {
    private func read(_ bytes: [UInt8]) throws -> JSONValue { try bytes.withUnsafeBufferPointer { try JSONReader.read($0) } }
    private func read(_ text: String) throws -> JSONValue { try read(Array(text.utf8)) }

    @Test("every kind of value is read as it is meant")
    func values() throws {
        #expect(try read(" null\t\r\n") == .null)
        #expect(try read("[true,false]") == [true, false])
        #expect(try read("-0") == 0)
        #expect(try read("9223372036854775807") == .int(.max))
        #expect(try read("9223372036854775808") == .double(9_223_372_036_854_775_808))
        #expect(try read("[1.5e2, 2E-1, 1e+3]") == [.double(150), .double(0.2), .double(1000)])
        #expect(try read(#""a\"\\\/\b\f\n\r\t\u00e4\ud83d\ude00\u0000ä😀""#) == .string("a\"\\/\u{8}\u{C}\n\r\tä😀\u{0}ä😀"))
        #expect(try read(#"{"": {"a": []}, "b": {}}"#) == ["": ["a": []], "b": [:]])
    }

    @Test(
        "what RFC 8259 does not have is refused",
        arguments: [
            "", " ", "{", "[", "[1,]", #"{"a":1,}"#, "[1 2]", #"{"a" 1}"#, "{1:1}", "nul", "True", "01", "-", "+1", ".5", "1.", "1e", "0x1", "NaN", "Infinity",
            "1e999", "\"", "\"\n\"", #""\x""#, #""\u12""#, #""\u12g4""#, #""\ud800""#, #""\ud800\u0041""#, #""\udc00""#, "'a'", "[1]]", "// x\n1",
            #"{"a":1,"a":2}"#, #"{"a":1,"\u0061":2}"#, "\u{FEFF}1",
        ])
    func refused(text: String) {
        #expect(throws: JSONFlaw.self, "\(text)") { try read(text) }
    }

    @Test("bytes that are not UTF-8, and lists that lie too deep, are refused")
    func bytes() {
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0xFF]] {
            #expect(throws: JSONFlaw.self) { try read(bytes) }
        }
        #expect(throws: JSONFlaw.self) { try read(String(repeating: "[", count: 1_000_000)) }
    }

    @Test("the line says what is wrong and where")
    func line() {
        #expect { try read(#"{"a":1,"a":2}"#) } throws: { "\($0)" == "the field \"a\" is there twice (at byte 7)" }
    }
}
