/// Swift source without its comments and texts, line for line: a ban must not trip over prose or over an example in Python.
enum SwiftText {
    static func code(of source: String) -> [String] {
        var scanner = Scanner(source)
        return scanner.run().split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    /// Bytes, since these tests read the whole tree and characters are slow.
    private struct Scanner {
        private let text: [UInt8]
        private var index = 0
        private var result: [UInt8] = []

        init(_ source: String) { text = Array(source.utf8) }

        mutating func run() -> String {
            while index < text.count {
                switch text[index] {
                case UInt8(ascii: "/") where starts("//"): skip(until: "\n", including: false)
                case UInt8(ascii: "/") where starts("/*"): skip(until: "*/", including: true)
                case UInt8(ascii: "\""), UInt8(ascii: "#"):
                    if let fence = fence() { skipText(fence) } else { keep() }
                default: keep()
                }
            }
            return String(decoding: result, as: UTF8.self)
        }

        private mutating func keep() {
            result.append(text[index])
            index += 1
        }

        private func starts(_ word: String, at place: Int? = nil) -> Bool { text[(place ?? index)...].starts(with: word.utf8) }

        /// The end of the text that begins here, nil where none does: quotes, with as many `#` as it began with.
        private func fence() -> (opening: Int, closing: String)? {
            let hashes = text[index...].prefix { $0 == UInt8(ascii: "#") }.count
            guard index + hashes < text.count, text[index + hashes] == UInt8(ascii: "\"") else { return nil }
            let quotes = starts("\"\"\"", at: index + hashes) ? 3 : 1
            return (hashes + quotes, String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes))
        }

        private mutating func skipText(_ fence: (opening: Int, closing: String)) {
            index += fence.opening
            let isRaw = fence.closing.hasSuffix("#")
            while index < text.count, !(text[index] == UInt8(ascii: "\"") && starts(fence.closing)) {
                if text[index] == UInt8(ascii: "\\"), !isRaw { index += 1 }
                keepLineEnd()
            }
            index = min(text.count, index + fence.closing.utf8.count)
            result += Array("\"\"".utf8)
        }

        private mutating func skip(until end: String, including: Bool) {
            while index < text.count, !starts(end) { keepLineEnd() }
            if including { index = min(text.count, index + end.utf8.count) }
        }

        private mutating func keepLineEnd() {
            if index < text.count, text[index] == UInt8(ascii: "\n") { result.append(text[index]) }
            index += 1
        }
    }
}
