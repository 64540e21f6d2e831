import PlatformEngine
import Simulation

/// A job as the API shows it: every field always there, null where it is not known.
extension JSONWriter {
    mutating func job(_ record: JobRecord) {
        object { json in json.jobFields(record) }
    }

    mutating func jobFields(_ record: JobRecord) {
        field("id", record.id)
        field("name", record.name)
        field("status", record.status.rawValue)
        field("created_at", record.createdAt)
        field("started_at", record.startedAt)
        field("finished_at", record.finishedAt)
        field("exit_code", record.exitCode)
        field("signal", record.signal)
        key("error")
        if let error = record.error {
            object { json in
                json.field("code", error.code)
                json.field("message", error.message)
            }
        } else {
            null()
        }
        key("resources")
        resources(record.resources)
        field("labels", record.labels)
        field("node", record.node)
        key("usage")
        usage(of: record)
        field("cause", record.cause?.rawValue)
        field("attempt", record.attempt)
        field("cost", record.charge?.cost)
        key("billing")
        billing(Billing(record))
    }

    private mutating func billing(_ billing: Billing) {
        object { json in
            json.field("currency", Billing.currency)
            json.field("gpu_hours", billing.gpuHours)
            json.field("hourly_cost", billing.hourlyCost)
            json.field("simulated", true)
            json.field("reason", billing.reason)
        }
    }

    mutating func resources(_ resources: Resources) {
        object { json in
            json.field("instance_type", resources.instanceType)
            json.field("gpu_enabled", resources.gpuEnabled)
            json.field("gpu_count", resources.gpuCount)
            json.field("memory_gb", resources.memoryGB)
            json.field("cpu_count", resources.cpuCount)
            json.field("disk_size_gb", resources.diskSizeGB)
            json.field("max_runtime_hours", resources.maxRuntimeHours)
            json.field("auto_shutdown", resources.autoShutdown)
            json.key("custom_params")
            json.raw(resources.customParamsJSON)
        }
    }

    private mutating func usage(of record: JobRecord) {
        let usage = record.usage
        object { json in
            json.field("wall_seconds", usage?.wallSeconds)
            json.field("cpu_user_seconds", usage?.cpuUserSeconds)
            json.field("cpu_system_seconds", usage?.cpuSystemSeconds)
            json.field("max_rss_bytes", usage?.maxRSSBytes)
            json.field("read_bytes", usage?.readBytes)
            json.field("written_bytes", usage?.writtenBytes)
            json.field("source", usage?.source)
            json.field("unknown", usage?.unknown ?? record.reasonsForNoUsage)
        }
    }
}

extension JobRecord {
    private static let figures = ["wall_seconds", "cpu_user_seconds", "cpu_system_seconds", "max_rss_bytes", "read_bytes", "written_bytes"]

    /// Why nothing was measured of a job that has ended, by the figure's name; empty before its end.
    fileprivate var reasonsForNoUsage: [String: String] {
        guard status.isTerminal else { return [:] }
        let reason = startedAt == nil ? "it never started" : "lost with its node"
        return Dictionary(uniqueKeysWithValues: Self.figures.map { ($0, reason) })
    }
}
