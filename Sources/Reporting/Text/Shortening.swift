/// Long texts lose their middle, never their ends: the beginning says what it is, the end how it went.
enum Shortening {
    /// In JSON.
    static let textCharactersMax = 2_000
    static let itemsMax = 50
    /// In a report for people.
    static let argumentCharactersMax = 72
    static let valueCharactersMax = 240
    static let messageCharactersMax = 400

    /// The text itself where it fits; else its two ends, with a count of what is left out between them.
    static func middle(_ text: String, max limit: Int) -> String {
        // A text has at least as many bytes as characters: most need no count.
        guard text.utf8.count > limit, text.count > limit else { return text }
        let head = limit * 2 / 3
        let tail = limit - head
        return "\(text.prefix(head))… \(grouped(text.count - limit)) characters left out …\(text.suffix(tail))"
    }

    /// `1,048,576`.
    static func grouped(_ number: Int) -> String {
        let digits = Array(String(number.magnitude))
        let text = digits.enumerated().map { index, digit in
            index > 0 && (digits.count - index).isMultiple(of: 3) ? ",\(digit)" : String(digit)
        }.joined()
        return number < 0 ? "-\(text)" : text
    }
}

/// A count with its noun: `1 clause`, `3 clauses`.
func counted(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
    "\(Shortening.grouped(count)) \(count == 1 ? noun : plural ?? noun + "s")"
}
