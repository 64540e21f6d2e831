import GRDB

extension JobHistory {
    /// How many jobs there are; of every tenant when `tenant` is nil.
    public func count(tenant: String? = nil) async throws(HistoryError) -> Int {
        try await read { db in
            let filter = tenant == nil ? "" : "WHERE tenant = ?"
            return try Int.fetchOne(
                db, sql: "SELECT COUNT(*) FROM jobs \(filter)", arguments: tenant.map { [$0] } ?? []) ?? 0
        }
    }
}
