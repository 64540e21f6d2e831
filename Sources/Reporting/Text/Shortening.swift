import Conformance

/// Long texts lose their middle, never their ends: the beginning says what it is, the end how it went. A secret that slipped out is never
/// in what is left out.
enum Shortening {
    /// In JSON.
    static let textCharactersMax = 2_000
    static let itemsMax = 50
    /// In a report for people.
    static let argumentCharactersMax = 72
    static let valueCharactersMax = 240
    static let messageCharactersMax = 400

    /// The text itself where it fits; else its two ends, with a count of what is left out between them. Where a secret stands in between,
    /// what stands around it takes the place of the end.
    static func middle(_ text: String, max limit: Int) -> String {
        // A text has at least as many bytes as characters: most need no count.
        guard text.utf8.count > limit, text.count > limit else { return text }
        let head = limit * 2 / 3
        let tail = limit - head
        let start = text.prefix(head)
        let end = text.suffix(tail)
        if let mark = text.firstRange(of: Redaction.marker), !start.contains(Redaction.marker), !end.contains(Redaction.marker) {
            return around(mark, text, max: limit)
        }
        return "\(start)\(gap(text.count - limit))\(end)"
    }

    private static func around(_ mark: Range<String.Index>, _ text: String, max limit: Int) -> String {
        let start = text.prefix(limit / 3)
        let room = max(0, limit - start.count - text[mark].count)
        let from = text.index(mark.lowerBound, offsetBy: -(room / 2), limitedBy: start.endIndex) ?? start.endIndex
        let to = text.index(mark.upperBound, offsetBy: room / 2, limitedBy: text.endIndex) ?? text.endIndex
        let before = text[start.endIndex..<from].count
        let after = text[to...].count
        return start + (before > 0 ? gap(before) : "") + text[from..<to] + (after > 0 ? gap(after) : "")
    }

    private static func gap(_ count: Int) -> String { "… \(grouped(count)) characters left out …" }

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
