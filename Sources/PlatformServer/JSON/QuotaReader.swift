import PlatformEngine
import Simulation

/// Reads a quota: `{"running_jobs", "cpu_seconds", "cost"}`, each left out for no limit.
enum QuotaReader {
    static let fields = ["running_jobs", "cpu_seconds", "cost"]

    /// - Throws: `invalid`, naming the field and what would be right.
    static func read(_ value: JSONValue) throws(PlatformError) -> Quota {
        let reader = try ObjectReader(value, at: "quota", known: fields)
        return Quota(
            runningJobs: try reader.wholeNumber("running_jobs", in: 0...Int64(Int32.max)).map { Int($0) },
            cpuSeconds: try reader.amount("cpu_seconds"), cost: try reader.amount("cost"))
    }
}

extension JSONWriter {
    mutating func quota(_ quota: Quota) {
        object { json in
            json.field("running_jobs", quota.runningJobs.map { Int64($0) })
            json.field("cpu_seconds", quota.cpuSeconds)
            json.field("cost", quota.cost)
        }
    }
}
