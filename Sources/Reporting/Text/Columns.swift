/// Text in columns, without trailing blanks.
enum Columns {
    static func left(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: max(0, width - text.count)) }

    static func right(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }

    /// Breaks the text at blanks so that no line is longer than `width`, a single longer word aside. Line ends in it stay.
    static func wrap(_ text: String, _ width: Int) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { wrapLine($0, width) }
    }

    private static func wrapLine(_ text: Substring, _ width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if line.isEmpty {
                line = String(word)
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = String(word)
            }
        }
        return lines + [line]
    }

    /// Whole text as lines without trailing blanks, with one line end at the end.
    static func finish(_ lines: [String]) -> String {
        lines.map { line in
            var line = Substring(line)
            while line.last == " " { line.removeLast() }
            return line + "\n"
        }.joined()
    }
}

/// Text from outside on one line, with nothing in it that a terminal would obey.
enum OneLine {
    static func of(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        return text.unicodeScalars.map { isControl($0) ? escape($0) : String($0) }.joined()
    }

    static func escape(_ scalar: Unicode.Scalar) -> String {
        switch scalar {
        case "\n": return "\\n"
        case "\r": return "\\r"
        case "\t": return "\\t"
        default:
            let digits = String(scalar.value, radix: 16)
            func padded(_ width: Int) -> String { String(repeating: "0", count: max(0, width - digits.count)) + digits }
            return scalar.value < 0x100 ? "\\x" + padded(2) : "\\u" + padded(4)
        }
    }

    static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // C0, DEL and C1; line and paragraph separators; marks that turn the direction of writing.
        case 0..<0x20, 0x7F..<0xA0, 0x2028...0x202E, 0x2066...0x2069: true
        default: false
        }
    }
}
