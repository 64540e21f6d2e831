import Foundation
import Simulation

/// A job that has ended, with what it left.
public struct JobResult: Sendable {
    /// The most bytes of stdout that are in a result; the log has all of it.
    public static let outputLimitBytes = 16 * 1024 * 1024

    public var job: JobRecord
    /// What it wrote to stdout; bytes that are not UTF-8 are replaced.
    public var output: String
    /// It wrote more: than is in a result, or than is kept of a log.
    public var isOutputTruncated: Bool
    /// The last value of each name.
    public var metrics: [String: MetricValue]
    /// How many lines of the metrics file were left out, wholly or in part: no object, a value that is no figure, behind the limit.
    public var metricsSkipped: Int
    /// Paths relative to the artifacts folder, sorted.
    public var artifacts: [String]
    public var areArtifactsTruncated: Bool
}

/// A figure that a job reported.
public enum MetricValue: Sendable, Hashable, Decodable {
    case int(Int64)
    case double(Double)
    case flag(Bool)
    case text(String)

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let value = try? container.decode(Bool.self) {
            self = .flag(value)
        } else if let value = try? container.decode(Int64.self) {
            self = .int(value)
        } else if let value = try? container.decode(Double.self) {
            self = .double(value)
        } else {
            self = .text(try container.decode(String.self))
        }
    }
}

/// The file that `WINDTUNNEL_METRICS_FILE` names: JSON lines, each an object of names and values.
enum MetricsFile {
    /// The most bytes that are read. Of a larger file these are the last, since the last value counts.
    static let limitBytes = 16 * 1024 * 1024
    /// The most lines, also the last: a job must not keep its readers busy for minutes.
    static let linesMax = 100_000

    /// The last value of each name. A line that is not an object is left out: a job may die while it writes one. So is a
    /// value that is no figure (null, a list, NaN), and the others of its line stay.
    static func read(_ path: String, linesMax: Int = linesMax) -> (metrics: [String: MetricValue], skipped: Int) {
        guard let file = OpenFile(path) else { return ([:], 0) }
        let start = max(0, file.size - Int64(limitBytes))
        var bytes = file.read(from: start, count: limitBytes)[...]
        var skipped = 0
        if start > 0 {
            bytes = bytes.drop { $0 != UInt8(ascii: "\n") }
            skipped = 1
        }
        let decoder = JSONDecoder()
        // Python writes NaN and Infinity, which only JSON5 has.
        decoder.allowsJSON5 = true
        var metrics: [String: MetricValue] = [:]
        let lines = bytes.split(separator: UInt8(ascii: "\n"))
        skipped += max(0, lines.count - linesMax)
        for line in lines.suffix(linesMax) {
            if line.allSatisfy({ $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }) { continue }
            let values = try? decoder.decode([String: PossibleMetric].self, from: Data(line))
            let figures = values?.compactMapValues(\.value) ?? [:]
            if values == nil || figures.count < values?.count ?? 0 { skipped += 1 }
            metrics.merge(figures) { _, last in last }
        }
        return (metrics, skipped)
    }

    private struct PossibleMetric: Decodable {
        var value: MetricValue?

        init(from decoder: any Decoder) throws {
            value = try? MetricValue(from: decoder)
            if case .double(let number) = value, !number.isFinite { value = nil }
        }
    }
}
