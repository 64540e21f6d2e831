/// Durations as people write them: `250ms`, `30s`, `2m`, `1.5h`, `7d`.
public enum DurationText {
    private static let units: [(suffix: String, seconds: Double)] = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600), ("d", 86_400)]

    /// A hundred years.
    private static let secondsMax = 36_500.0 * 86_400

    /// - Throws: ``UsageError`` where the text is no positive number with a unit.
    public static func parse(_ text: String, of name: String) throws -> Duration {
        for unit in units where text.hasSuffix(unit.suffix) {
            guard let number = Double(text.dropLast(unit.suffix.count)), number.isFinite else { break }
            guard number * unit.seconds >= 0.001 else { throw UsageError("\(name) is '\(text)'; it must be 1ms or more") }
            guard number * unit.seconds <= secondsMax else { throw UsageError("\(name) is '\(text)'; it must be 36500d or less") }
            return .milliseconds(Int((number * unit.seconds * 1000).rounded()))
        }
        throw UsageError("\(name) is '\(text)'; a duration has a unit, such as 250ms, 30s, 2m, 1h or 7d")
    }
}
