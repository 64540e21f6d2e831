/// The one line that lives at the bottom of a terminal while a check works. In a pipe it is nothing at all.
public struct ProgressLine: Sendable {
    private let isLive: Bool
    private let style: Style

    /// - Parameter isLive: whether the text goes to a terminal, and the user did not ask for quiet.
    public init(isLive: Bool, style: Style = Style(width: 80)) {
        self.isLive = isLive
        self.style = style
    }

    /// What to write, without a line end, after a probe: it takes the place of the line before.
    public func text(probe: String, done: Int, of total: Int) -> String {
        guard isLive else { return "" }
        let count = Columns.right("\(done)", String(total).count) + "/\(total)"
        let cells = total > 0 ? min(Self.barCells, max(0, done) * Self.barCells / total) : 0
        let bar = String(repeating: "━", count: cells)
        let rest = String(repeating: "─", count: Self.barCells - cells)
        let room = style.width - Self.barCells - count.count - 4
        return Self.erase + style.paint(bar, .accent) + style.paint(rest, .quiet) + " \(count) "
            + String(OneLine.of(probe).prefix(max(0, room)))
    }

    /// What to write when the work is over: the line is gone.
    public func end() -> String { isLive ? Self.erase : "" }

    private static let barCells = 20
    private static let erase = "\r\u{1B}[K"
}
