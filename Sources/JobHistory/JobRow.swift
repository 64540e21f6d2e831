import Foundation
import GRDB
import Simulation

/// A row of the table `jobs`, or of `base_jobs`: the record, and what the core must know of a live job beyond it.
struct JobRow: Sendable, Equatable {
    var record: JobRecord
    var launched: Bool
    var hasGate: Bool

    /// In the order that `init(row:)` and `inserted` rely on.
    static let columns = """
        number, id, tenant, name, created_at, resources, labels, idempotency_key, \
        status, started_at, finished_at, cancel_requested_at, exit_code, signal, error_code, error_message, node, \
        wall_seconds, cpu_user_seconds, cpu_system_seconds, max_rss_bytes, read_bytes, written_bytes, \
        usage_source, usage_unknown, cause, gpu_hours, cost, attempt, launched, has_gate
        """

    static func insertSQL(into table: String) -> String { "INSERT INTO \(table) (\(columns)) VALUES (\(marks(columns)))" }

    /// The columns of `changing`, then the number.
    static let updateSQL = "UPDATE jobs SET \(changingSQL) WHERE number = ?"

    /// The columns of `changing`, then whether it has a gate, then the number.
    static let launchSQL = "UPDATE jobs SET \(changingSQL), launched = 1, has_gate = ? WHERE number = ?"

    /// For a job that waits for another run: the columns of `changing`, then the number.
    static let requeueSQL = "UPDATE jobs SET \(changingSQL), launched = 0, has_gate = 0 WHERE number = ?"

    private static let changingSQL = """
        status = ?, started_at = ?, finished_at = ?, cancel_requested_at = ?, exit_code = ?, signal = ?,
        error_code = ?, error_message = ?, node = ?, wall_seconds = ?, cpu_user_seconds = ?, cpu_system_seconds = ?,
        max_rss_bytes = ?, read_bytes = ?, written_bytes = ?, usage_source = ?, usage_unknown = ?,
        cause = ?, gpu_hours = ?, cost = ?, attempt = ?
        """

    typealias Values = [(any DatabaseValueConvertible)?]

    var inserted: Values {
        let fixed: Values = [
            record.number, record.id, record.tenant, record.name, record.createdAt.microseconds,
            JSONWriter.object { $0.fields(record.resources) }, JSONWriter.object { $0.fields(record.labels) },
            record.idempotencyKey,
        ]
        return fixed + Self.changing(record) + [launched, hasGate]
    }

    static func updated(_ record: JobRecord) -> Values { changing(record) + [record.number] }

    static func launched(_ record: JobRecord, gated: Bool) -> Values { changing(record) + [gated, record.number] }

    private static func changing(_ record: JobRecord) -> Values {
        let usage = record.usage
        return [
            record.status.rawValue, record.startedAt?.microseconds, record.finishedAt?.microseconds,
            record.cancelRequestedAt?.microseconds, record.exitCode, record.signal, record.error?.code,
            record.error?.message, record.node, usage?.wallSeconds, usage?.cpuUserSeconds, usage?.cpuSystemSeconds,
            usage?.maxRSSBytes, usage?.readBytes, usage?.writtenBytes, usage?.source,
            usage.map { usage in JSONWriter.object { $0.fields(usage.unknown) } },
            record.cause?.rawValue, record.charge?.gpuHours, record.charge?.cost, record.attempt,
        ]
    }
}

/// As many question marks as there are columns.
func marks(_ columns: String) -> String {
    Array(repeating: "?", count: columns.split(separator: ",").count).joined(separator: ", ")
}

extension JobRow: FetchableRecord {
    init(row: Row) throws {
        let statusText: String = row[8]
        guard let status = JobStatus(rawValue: statusText) else { throw UnreadableValue("a job's status", statusText) }
        var record = JobRecord(
            id: row[1], tenant: row[2], number: row[0], name: row[3], status: status,
            createdAt: Timestamp(microseconds: row[4]), resources: try decodeResources(row[5]),
            labels: try decodeTexts(row[6]), idempotencyKey: row[7])
        record.startedAt = timestamp(row[9])
        record.finishedAt = timestamp(row[10])
        record.cancelRequestedAt = timestamp(row[11])
        record.exitCode = row[12]
        record.signal = row[13]
        if let code: String = row[14] { record.error = JobError(code: code, message: row[15] ?? "") }
        record.node = row[16]
        if let source: String = row[23] {
            record.usage = Usage(
                wallSeconds: row[17], cpuUserSeconds: row[18], cpuSystemSeconds: row[19], maxRSSBytes: row[20],
                readBytes: row[21], writtenBytes: row[22], source: source, unknown: try decodeTexts(row[24] ?? "{}"))
        }
        record.cause = try (row[25] as String?).map { text in
            guard let cause = ExitCause(rawValue: text) else { throw UnreadableValue("the cause of a job's end", text) }
            return cause
        }
        if let gpuHours: Double = row[26] { record.charge = Charge(gpuHours: gpuHours, cost: row[27]) }
        record.attempt = row[28]
        self.init(record: record, launched: row[29], hasGate: row[30])
    }
}

/// Something in the file that no version of the program writes.
struct UnreadableValue: Error, CustomStringConvertible {
    var description: String

    init(_ what: String, _ value: String) {
        description = "\(what) cannot be read: \(value.prefix(80))"
    }
}

private func timestamp(_ microseconds: Int64?) -> Timestamp? { microseconds.map(Timestamp.init(microseconds:)) }

private let defaultResources = JSONWriter.object { $0.fields(Resources()) }

/// Most jobs ask for nothing in particular, and parsing is most of the cost of reading a row.
private func decodeResources(_ json: String) throws -> Resources {
    if json == defaultResources { return Resources() }
    return try decodeJSON(Resources.self, json, "a job's resources")
}

private func decodeTexts(_ json: String) throws -> [String: String] {
    if json == "{}" { return [:] }
    return try decodeJSON([String: String].self, json, "a job's labels or usage")
}

func decodeJSON<T: Decodable>(_ type: T.Type, _ json: String, _ what: String) throws -> T {
    do {
        return try JSONDecoder().decode(type, from: Data(json.utf8))
    } catch {
        throw UnreadableValue(what, json)
    }
}
