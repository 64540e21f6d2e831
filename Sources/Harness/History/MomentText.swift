import Foundation
import Simulation

/// Moments as people write them: `2026-01-31T23:59:59Z`, `2026-01-31`, or how long ago, such as `12h` or `7d`.
public enum MomentText {
    /// - Throws: ``UsageError`` where the text is none of these.
    public static func parse(_ text: String, of name: String, now: Date = Date()) throws -> Timestamp {
        if let date = date(text) {
            guard exists(text) else { throw UsageError("\(name) is '\(text)'; there is no such day or time") }
            return Timestamp(date)
        }
        guard let age = try? DurationText.parse(text, of: name) else {
            throw UsageError("\(name) is '\(text)'; it is a moment, such as 2026-01-31 or 2026-01-31T12:00:00Z, or an age, such as 12h or 7d")
        }
        return Timestamp(now).before(age)
    }

    private static func date(_ text: String) -> Date? {
        let styles: [Date.ISO8601FormatStyle] = [
            .iso8601, Date.ISO8601FormatStyle(includingFractionalSeconds: true), Date.ISO8601FormatStyle().year().month().day(),
        ]
        // The style of a day alone would take the beginning of anything.
        let fitting = text.count == 10 ? styles.suffix(1) : styles.prefix(2)
        return fitting.lazy.compactMap { try? $0.parse(text) }.first
    }

    /// Whether the calendar has the day and the clock the time: the style would count on, from 30 February to 2 March.
    private static func exists(_ text: String) -> Bool {
        // Year, month and day, and where there is a time, hour, minute and second; what follows is a fraction or an offset from UTC.
        let numbers = text.split { !$0.isASCII || !$0.isNumber }.compactMap { Int($0) }
        guard numbers.count >= 3 else { return false }
        let (year, month, day) = (numbers[0], numbers[1], numbers[2])
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
        guard days.indices.contains(month - 1), (1...days[month - 1]).contains(day) else { return false }
        let time = numbers.dropFirst(3).prefix(3)
        return zip(time, [23, 59, 59]).allSatisfy { $0 <= $1 }
    }
}

extension Timestamp {
    /// To the millisecond; one out of the range becomes the nearest.
    init(_ date: Date) {
        self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1000).rounded(.down).clamped(to: -8e15...8e15)))
    }

    func before(_ age: Duration) -> Timestamp {
        let (seconds, attoseconds) = age.components
        return Timestamp(microseconds: microseconds - seconds * 1_000_000 - attoseconds / 1_000_000_000_000)
    }
}

extension Double {
    fileprivate func clamped(to range: ClosedRange<Double>) -> Double { min(max(self, range.lowerBound), range.upperBound) }
}
