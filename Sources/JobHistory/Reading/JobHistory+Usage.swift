import GRDB
import Simulation

/// What a tenant's jobs came to.
public struct UsageTotals: Sendable, Hashable {
    /// Every status is in it, with 0 where there is none.
    public var jobsByStatus: [JobStatus: Int]
    public var wallSeconds: Double
    public var cpuSeconds: Double
    public var readBytes: Int64
    public var writtenBytes: Int64
}

extension JobHistory {
    /// Sums over the tenant's jobs; over every tenant's when that is nil. Figures that could not be known count as 0.
    public func usageTotals(tenant: String? = nil) async throws(HistoryError) -> UsageTotals {
        try await read { db in
            let rows = try Row.fetchAll(
                db,
                sql: """
                    SELECT status, COUNT(*), TOTAL(wall_seconds), TOTAL(cpu_user_seconds) + TOTAL(cpu_system_seconds),
                        IFNULL(SUM(read_bytes), 0), IFNULL(SUM(written_bytes), 0)
                    FROM jobs \(tenant == nil ? "" : "WHERE tenant = ?") GROUP BY status
                    """, arguments: tenant.map { [$0] } ?? [])
            return totals(rows)
        }
    }

    /// How many jobs there are; of every tenant when `tenant` is nil.
    public func count(tenant: String? = nil) async throws(HistoryError) -> Int {
        try await read { db in
            let filter = tenant == nil ? "" : "WHERE tenant = ?"
            return try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM jobs \(filter)", arguments: tenant.map { [$0] } ?? []) ?? 0
        }
    }
}

private func totals(_ rows: [Row]) -> UsageTotals {
    let none = Dictionary(uniqueKeysWithValues: JobStatus.allCases.map { ($0, 0) })
    var totals = UsageTotals(jobsByStatus: none, wallSeconds: 0, cpuSeconds: 0, readBytes: 0, writtenBytes: 0)
    for row in rows {
        if let status = JobStatus(rawValue: row[0]) { totals.jobsByStatus[status] = row[1] }
        totals.wallSeconds += row[2] as Double
        totals.cpuSeconds += row[3] as Double
        totals.readBytes += row[4] as Int64
        totals.writtenBytes += row[5] as Int64
    }
    return totals
}
