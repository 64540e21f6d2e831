import PlatformEngine
import Testing

@Suite("Tokens")
struct TokenTests {
    @Test("a token matches itself only")
    func matches() {
        let token = Token("abc")
        #expect(token.matches("abc"))
        for other in ["", "ab", "abcd", "abd", "abcabc", "ABC"] { #expect(!token.matches(other[...]), "\(other)") }
        #expect(!Token("").matches("a"))
    }

    @Test("random tokens differ and need no quoting")
    func random() {
        let tokens = Set((0..<100).map { _ in Token.random().text })
        #expect(tokens.count == 100)
        #expect(tokens.allSatisfy { $0.utf8.count == 51 && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") } })
    }
}
