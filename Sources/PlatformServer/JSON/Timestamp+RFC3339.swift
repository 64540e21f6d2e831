import Simulation

extension Timestamp {
    /// Such as `2026-01-31T23:59:59.123Z`: UTC, to the millisecond, rounded down.
    var rfc3339: String {
        let milliseconds = microseconds.flooredQuotient(by: 1000)
        let seconds = milliseconds.flooredQuotient(by: 1000)
        let day = seconds.flooredQuotient(by: 86_400)
        let date = CivilDate(daysSinceEpoch: day)
        let rest = seconds - day * 86_400
        return withDigits { digits in
            digits.add(date.year, 4, then: "-")
            digits.add(date.month, 2, then: "-")
            digits.add(date.day, 2, then: "T")
            digits.add(rest / 3600, 2, then: ":")
            digits.add(rest / 60 % 60, 2, then: ":")
            digits.add(rest % 60, 2, then: ".")
            digits.add(milliseconds - seconds * 1000, 3, then: "Z")
        }
    }

    private func withDigits(_ build: (inout DigitText) -> Void) -> String {
        var digits = DigitText()
        build(&digits)
        return String(decoding: digits.bytes, as: UTF8.self)
    }
}

/// Numbers with leading zeros, and what stands between them.
private struct DigitText {
    private(set) var bytes: [UInt8] = []

    init() { bytes.reserveCapacity(24) }

    mutating func add(_ number: Int64, _ width: Int, then separator: Unicode.Scalar) {
        let digits = String(number).utf8
        for _ in 0..<max(0, width - digits.count) { bytes.append(0x30) }
        bytes.append(contentsOf: digits)
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
