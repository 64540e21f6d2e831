/// How text for people looks. The caller decides: colour for a terminal, none for a pipe or a file.
public struct Style: Sendable, Hashable {
    /// Whether escape sequences for colour may be used.
    public var colour: Bool
    /// One line for each clause that passed, instead of one for each family.
    public var verbose: Bool
    /// The longest line in columns, commands that are meant to be pasted aside. At least 60.
    public var width: Int

    public init(colour: Bool = false, verbose: Bool = false, width: Int = 100) {
        self.colour = colour
        self.verbose = verbose
        self.width = max(60, width)
    }

    enum Tone: String {
        case good = "32"
        case bad = "31"
        case caution = "33"
        case accent = "36"
        case strong = "1"
        case quiet = "2"
    }

    /// The text in that tone. Pad before painting: escape sequences have no width.
    func paint(_ text: String, _ tones: Tone...) -> String {
        guard colour, !text.isEmpty, !tones.isEmpty else { return text }
        return "\u{1B}[\(tones.map(\.rawValue).joined(separator: ";"))m\(text)\u{1B}[0m"
    }
}
