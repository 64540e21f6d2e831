/// A program that is easily damaged on its way, and the line that it prints where it was not.
///
/// It prints the length and a checksum of a text, mixed with a number out of its nonce: whoever gives the line has run the code.
/// All but the text under test is written without quotes, backslashes, dollars and percent signs, so that each sample fails alone.
struct CodeSample {
    enum Kind: String, CaseIterable, Sendable {
        case plain, quotes, backslashes, dollars, templates, unicode, whitespace
        case lineEnds = "line ends"
        case large
    }

    static let small = Kind.allCases.filter { $0 != .large }
    static let largeBytes = 1 << 20

    let kind: Kind
    let code: String
    /// What it prints.
    let line: String

    /// - Parameter nonce: `wt` and sixteen hexadecimal digits.
    init(_ kind: Kind, nonce: String) {
        self.kind = kind
        let salt = UInt32(nonce.suffix(8), radix: 16) ?? 0
        let (source, length, checksum) = Self.text(of: kind)
        let lines = ["# \(nonce)", "import zlib"] + source + ["print(len(text), zlib.crc32(text.encode()) ^ \(salt))", ""]
        let code = lines.joined(separator: kind == .lineEnds ? "\r\n" : "\n")
        self.code = kind == .large ? Self.padded(code) : code
        line = "\(length) \(checksum ^ salt)"
    }

    /// The nonce that a sample's code begins with.
    static func nonce(in code: String) -> String? {
        let word = code.dropFirst(2).prefix { $0.isASCII && ($0.isLetter || $0.isNumber) }
        return code.hasPrefix("# wt") ? String(word) : nil
    }

    /// The lines that set `text`, and what its length and checksum are.
    private static func text(of kind: Kind) -> (source: [String], length: Int, checksum: UInt32) {
        let (source, text): ([String], String) =
            switch kind {
            case .plain: (["text = str(12345)"], "12345")
            case .quotes:
                ([#"text = "it's, " + 'say "yes", ' + """both ' and " here""" + '''and " or ' here'''"#],
                    #"it's, say "yes", both ' and " hereand " or ' here"#)
            case .backslashes: ([#"text = "a\\b\n\t\x41\\" + r"\d+\.\w\\""#], "a\\b\n\tA\\\\d+\\.\\w\\\\")
            case .dollars:
                ([#"text = "$HOME ${PATH} $(echo no) `echo no` $$ $1 !! ~""#], "$HOME ${PATH} $(echo no) `echo no` $$ $1 !! ~")
            case .templates: ([#"text = "100% %s %d %(x)s %% {} {x} {{y}} <b> &amp;""#], "100% %s %d %(x)s %% {} {x} {{y}} <b> &amp;")
            case .unicode:
                (["text = \"\(unicode)\""], unicode)
            case .whitespace:
                (["text = str()", "for step in range(3):", "\tif step:", "\t\ttext += str(step)", "", "\t\ttext += chr(46)",
                    "text += \"\"\"one  \u{C}", "    two", "   ", "\tthree", "", "\"\"\""], "1.2.one  \u{C}\n    two\n   \n\tthree\n\n")
            case .lineEnds:
                (["number = 1 + \\", "    2", "if number:", "    text = str(number)", "", "text += \"\"\"one", "two", "\"\"\""], "3one\ntwo\n")
            case .large: ([], "")
            }
        if kind == .large { return large }
        return (source, text.unicodeScalars.count, checksum(text))
    }

    private static let unicode = "na\u{EF}ve e\u{301} \u{3A9} \u{416} \u{6F22}\u{5B57} \u{5E9}\u{5DC} \u{1F680} \u{2028} \u{85}"

    /// A literal of many lines that nearly fills the mebibyte.
    private static let large: (source: [String], length: Int, checksum: UInt32) = {
        let chunks = (0..<15_100).map { number in
            let digits = String(100_000 + number)
            return String(repeating: digits, count: 11)
        }
        return (["text = ("] + chunks.map { "\"\($0)\"" } + [")"], chunks.count * 66, checksum(chunks.joined()))
    }()

    /// The code with a comment behind it that makes it exactly ``largeBytes`` long.
    private static func padded(_ code: String) -> String {
        let missing = largeBytes - code.utf8.count - 2
        return code + "#" + String(repeating: "x", count: max(0, missing)) + "\n"
    }

    /// The checksum that `zlib.crc32` gives.
    static func checksum(_ text: String) -> UInt32 {
        var crc = UInt32.max
        for byte in text.utf8 { crc = (crc >> 8) ^ table[Int((crc ^ UInt32(byte)) & 0xFF)] }
        return ~crc
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? (value >> 1) ^ 0xEDB8_8320 : value >> 1 }
    }
}
