import Simulation

extension Timestamp {
    /// Such as `2026-01-31T23:59:59.123Z`: UTC, to the millisecond, rounded down.
    public var rfc3339: String {
        var bytes: [UInt8] = []
        appendRFC3339(to: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The same, as ASCII at the end of `bytes`.
    func appendRFC3339(to bytes: inout [UInt8]) {
        let milliseconds = microseconds.flooredQuotient(by: 1000)
        let seconds = milliseconds.flooredQuotient(by: 1000)
        let day = seconds.flooredQuotient(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        let rest = seconds - day * 86_400
        append(date.year, 4, "-", to: &bytes)
        append(date.month, 2, "-", to: &bytes)
        append(date.day, 2, "T", to: &bytes)
        append(rest / 3600, 2, ":", to: &bytes)
        append(rest / 60 % 60, 2, ":", to: &bytes)
        append(rest % 60, 2, ".", to: &bytes)
        append(milliseconds - seconds * 1000, 3, "Z", to: &bytes)
    }

    /// A number with leading zeros, and what stands behind it.
    private func append(_ number: Int64, _ width: Int, _ separator: Unicode.Scalar, to bytes: inout [UInt8]) {
        var divisor: Int64 = 1
        for _ in 1..<width { divisor *= 10 }
        if (0..<(divisor * 10)).contains(number) {
            while divisor > 0 {
                bytes.append(UInt8(truncatingIfNeeded: 0x30 + number / divisor % 10))
                divisor /= 10
            }
        } else {
            bytes.append(contentsOf: String(number).utf8)
        }
        bytes.append(UInt8(truncatingIfNeeded: separator.value))
    }
}

/// A day of the Gregorian calendar, by Howard Hinnant's algorithm: https://howardhinnant.github.io/date_algorithms.html
private struct CivilDate {
    let year, month, day: Int64

    init(daysSinceEpoch: Int64) {
        // Years begin on 1 March here, so that the leap day comes last.
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.flooredQuotient(by: 146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }
}

extension Int64 {
    fileprivate func flooredQuotient(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
