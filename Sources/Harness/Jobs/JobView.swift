import Foundation
import PlatformServer
import Simulation

/// A job for people and scripts: what the API says of it, and the JSON that it said.
public struct JobView: Sendable, Decodable {
    public var id: String
    public var name: String
    public var status: String
    public var createdAt: String
    public var startedAt: String?
    public var finishedAt: String?
    public var exitCode: Int?
    public var signal: Int?
    public var error: Failure?
    public var usage: Usage?
    /// Why it ended.
    public var cause: String?
    /// 1, and one more for each time that it was run again.
    public var attempt: Int?
    /// In USD, simulated.
    public var cost: Double?
    public var billing: Billing?
    /// All of it, as the API shows it.
    public private(set) var json = JSONFragment.null

    public struct Failure: Sendable, Decodable {
        public var code: String
        public var message: String
    }

    public struct Billing: Sendable, Decodable {
        public var gpuHours: Double?
        public var hourlyCost: Double?
        /// Why the cost is not known.
        public var reason: String?

        enum CodingKeys: String, CodingKey {
            case gpuHours = "gpu_hours"
            case hourlyCost = "hourly_cost"
            case reason
        }
    }

    public struct Usage: Sendable, Decodable {
        public var wallSeconds: Double?
        public var cpuUserSeconds: Double?
        public var cpuSystemSeconds: Double?
        public var maxRSSBytes: Int?
        public var readBytes: Int?
        public var writtenBytes: Int?
        /// How it was measured.
        public var source: String?
        /// Why a figure is not known, by its name in the API.
        public var unknown: [String: String]?

        enum CodingKeys: String, CodingKey {
            case wallSeconds = "wall_seconds"
            case cpuUserSeconds = "cpu_user_seconds"
            case cpuSystemSeconds = "cpu_system_seconds"
            case maxRSSBytes = "max_rss_bytes"
            case readBytes = "read_bytes"
            case writtenBytes = "written_bytes"
            case source, unknown
        }
    }

    enum CodingKeys: String, CodingKey {
        case id, name, status, signal, error, usage, cause, attempt, cost, billing
        case createdAt = "created_at"
        case startedAt = "started_at"
        case finishedAt = "finished_at"
        case exitCode = "exit_code"
    }

    public init(from decoder: any Decoder) throws {
        let fields = try decoder.container(keyedBy: CodingKeys.self)
        id = try fields.decode(String.self, forKey: .id)
        name = try fields.decode(String.self, forKey: .name)
        status = try fields.decode(String.self, forKey: .status)
        createdAt = try fields.decode(String.self, forKey: .createdAt)
        startedAt = try fields.decodeIfPresent(String.self, forKey: .startedAt)
        finishedAt = try fields.decodeIfPresent(String.self, forKey: .finishedAt)
        exitCode = try fields.decodeIfPresent(Int.self, forKey: .exitCode)
        signal = try fields.decodeIfPresent(Int.self, forKey: .signal)
        error = try fields.decodeIfPresent(Failure.self, forKey: .error)
        usage = try fields.decodeIfPresent(Usage.self, forKey: .usage)
        cause = try fields.decodeIfPresent(String.self, forKey: .cause)
        attempt = try fields.decodeIfPresent(Int.self, forKey: .attempt)
        cost = try fields.decodeIfPresent(Double.self, forKey: .cost)
        billing = try fields.decodeIfPresent(Billing.self, forKey: .billing)
        json = try JSONFragment(from: decoder)
    }

    init(_ record: JobRecord) throws {
        self = try JSONDecoder().decode(JobView.self, from: Data(JobText.json(record).utf8))
    }
}

/// Any JSON, kept as it is and written again with sorted keys.
public enum JSONFragment: Sendable, Codable {
    case null, bool(Bool), int(Int), double(Double), text(String), list([JSONFragment]), object([String: JSONFragment])

    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if value.decodeNil() {
            self = .null
        } else if let flag = try? value.decode(Bool.self) {
            self = .bool(flag)
        } else if let number = try? value.decode(Int.self) {
            self = .int(number)
        } else if let number = try? value.decode(Double.self) {
            self = .double(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([JSONFragment].self) {
            self = .list(list)
        } else {
            self = .object(try value.decode([String: JSONFragment].self))
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var value = encoder.singleValueContainer()
        switch self {
        case .null: try value.encodeNil()
        case .bool(let flag): try value.encode(flag)
        case .int(let number): try value.encode(number)
        case .double(let number): try value.encode(number)
        case .text(let text): try value.encode(text)
        case .list(let list): try value.encode(list)
        case .object(let object): try value.encode(object)
        }
    }

    public static func encoded(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }
}
