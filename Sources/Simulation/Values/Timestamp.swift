/// A moment of the platform's clock, in microseconds since 1970-01-01T00:00:00Z.
///
/// The core never asks what time it is: every event carries its moment.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    public var microseconds: Int64

    public init(microseconds: Int64) { self.microseconds = microseconds }

    /// A moment that is known to the millisecond. One out of the range of a timestamp becomes the nearest.
    public init(milliseconds: Int64) {
        let (microseconds, overflows) = milliseconds.multipliedReportingOverflow(by: 1000)
        self.microseconds = overflows ? (milliseconds < 0 ? .min : .max) : microseconds
    }

    public init(from decoder: any Decoder) throws {
        microseconds = try decoder.singleValueContainer().decode(Int64.self)
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(microseconds)
    }

    public static func < (left: Timestamp, right: Timestamp) -> Bool { left.microseconds < right.microseconds }

    /// The moment `seconds` later (earlier when negative), to the microsecond.
    public func advanced(bySeconds seconds: Double) -> Timestamp {
        Timestamp(microseconds: microseconds + Int64((seconds * 1_000_000).rounded()))
    }

    /// Seconds from `earlier` to this moment; negative when `earlier` is later.
    public func seconds(since earlier: Timestamp) -> Double {
        Double(microseconds - earlier.microseconds) / 1_000_000
    }
}
