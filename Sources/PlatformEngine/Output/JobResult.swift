import Foundation
import Simulation

/// A job that has ended, with what it left.
public struct JobResult: Sendable {
    /// The most bytes of stdout that are in a result; the log has all of it.
    public static let outputLimitBytes = 16 * 1024 * 1024

    public var job: JobRecord
    /// What it wrote to stdout; bytes that are not UTF-8 are replaced.
    public var output: String
    public var isOutputTruncated: Bool
    public var metrics: [String: MetricValue]
    /// Paths relative to the artifacts folder, sorted.
    public var artifacts: [String]
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
    static let limitBytes = 16 * 1024 * 1024

    /// The last value of each name. A line that is not an object is left out: a job may die while it writes one. So is a
    /// value that is no figure (null, a list, NaN), and the others of its line stay.
    static func read(_ path: String) -> [String: MetricValue] {
        guard let file = OpenFile(path) else { return [:] }
        let bytes = file.read(from: 0, count: Int(min(file.size, Int64(limitBytes))))
        let decoder = JSONDecoder()
        // Python writes NaN and Infinity, which only JSON5 has.
        decoder.allowsJSON5 = true
        var metrics: [String: MetricValue] = [:]
        for line in bytes.split(separator: UInt8(ascii: "\n")) {
            guard let values = try? decoder.decode([String: PossibleMetric].self, from: Data(line)) else { continue }
            metrics.merge(values.compactMapValues(\.value)) { _, last in last }
        }
        return metrics
    }

    private struct PossibleMetric: Decodable {
        var value: MetricValue?

        init(from decoder: any Decoder) throws {
            value = try? MetricValue(from: decoder)
            if case .double(let number) = value, !number.isFinite { value = nil }
        }
    }
}
