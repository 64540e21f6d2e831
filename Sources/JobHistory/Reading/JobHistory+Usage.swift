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
    /// Simulated.
    public var gpuHours: Double
    /// In USD, simulated.
    public var cost: Double
}

extension JobHistory {
    /// Sums over the tenant's jobs that ended, pruned ones among them, and counts of those that have not; over every
    /// tenant's when that is nil. Figures that could not be known count as 0. Its cost does not depend on the history's length.
    public func usageTotals(tenant: String? = nil) async throws(HistoryError) -> UsageTotals {
        try await read { db in
            let rows =
                if let tenant { [try TenantRow.fetch(db, tenant)] } else {
                    try TenantRow.fetchAll(db, from: .current).sorted { $0.key < $1.key }.map(\.value)
                }
            return UsageTotals(rows.map(\.account), live: try liveCounts(db, tenant))
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

/// The index is named: by itself SQLite goes through all of a tenant's jobs.
private func liveCounts(_ db: Database, _ tenant: String?) throws -> [JobStatus: Int] {
    let rows = try Row.fetchAll(
        db,
        sql: """
            SELECT status, COUNT(*) FROM jobs INDEXED BY live_jobs
            WHERE finished_at IS NULL \(tenant == nil ? "" : "AND tenant = ?") GROUP BY status
            """, arguments: tenant.map { [$0] } ?? [])
    return rows.reduce(into: [:]) { counts, row in
        if let status = JobStatus(rawValue: row[0]) { counts[status] = row[1] }
    }
}

extension UsageTotals {
    fileprivate init(_ accounts: [Account], live: [JobStatus: Int]) {
        jobsByStatus = [
            .pending: live[.pending] ?? 0, .running: live[.running] ?? 0,
            .succeeded: accounts.reduce(0) { $0 + Int($1.succeeded) }, .failed: accounts.reduce(0) { $0 + Int($1.failed) },
            .cancelled: accounts.reduce(0) { $0 + Int($1.cancelled) },
        ]
        wallSeconds = accounts.reduce(0) { $0 + $1.wallSeconds }
        cpuSeconds = accounts.reduce(0) { $0 + $1.cpuSeconds }
        readBytes = accounts.reduce(0) { $0 + $1.readBytes }
        writtenBytes = accounts.reduce(0) { $0 + $1.writtenBytes }
        gpuHours = accounts.reduce(0) { $0 + $1.gpuHours }
        cost = accounts.reduce(0) { $0 + $1.cost }
    }
}
