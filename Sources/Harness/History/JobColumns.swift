import Foundation
import PlatformServer
import Simulation

/// A job as a line of a table. What is not known is an empty field.
enum JobColumns {
    static let names = all.map(\.name)

    static func values(_ record: JobRecord) -> [String] { all.map { $0.value(record) } }

    private typealias Column = (name: String, value: @Sendable (JobRecord) -> String)

    private static let all: [Column] = identity + life + resources + usage

    private static let identity: [Column] = [
        ("id", { $0.id }), ("tenant", { $0.tenant }), ("name", { $0.name }), ("status", { $0.status.rawValue }),
        ("created_at", { $0.createdAt.rfc3339 }), ("started_at", { $0.startedAt?.rfc3339 ?? "" }),
        ("finished_at", { $0.finishedAt?.rfc3339 ?? "" }),
    ]

    private static let life: [Column] = [
        ("cause", { $0.cause?.rawValue ?? "" }), ("exit_code", { text($0.exitCode) }), ("signal", { text($0.signal) }),
        ("error_code", { $0.error?.code ?? "" }), ("error_message", { $0.error?.message ?? "" }), ("node", { $0.node ?? "" }),
        ("attempt", { "\($0.attempt)" }), ("labels", { labels($0.labels) }),
    ]

    private static let resources: [Column] = [
        ("instance_type", { $0.resources.instanceType }),
        ("gpu_count", { "\($0.resources.gpuEnabled ? $0.resources.gpuCount : 0)" }),
        ("cpu_count", { text($0.resources.cpuCount) }), ("memory_gb", { text($0.resources.memoryGB) }),
        ("disk_size_gb", { text($0.resources.diskSizeGB) }), ("max_runtime_hours", { text($0.resources.maxRuntimeHours) }),
    ]

    private static let usage: [Column] = [
        ("wall_seconds", { text($0.usage?.wallSeconds) }), ("cpu_user_seconds", { text($0.usage?.cpuUserSeconds) }),
        ("cpu_system_seconds", { text($0.usage?.cpuSystemSeconds) }), ("max_rss_bytes", { text($0.usage?.maxRSSBytes) }),
        ("read_bytes", { text($0.usage?.readBytes) }), ("written_bytes", { text($0.usage?.writtenBytes) }),
        ("usage_source", { $0.usage?.source ?? "" }), ("gpu_hours", { text($0.charge?.gpuHours) }),
        ("cost", { text($0.charge?.cost) }),
    ]

    private static func text(_ value: (some CustomStringConvertible)?) -> String { value?.description ?? "" }

    private static func labels(_ labels: [String: String]) -> String {
        guard !labels.isEmpty else { return "{}" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(labels)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}
