import GRDB
import Simulation

/// A row of the table `tenants`, or of `base_tenants`: what the events come to for a tenant, beside its jobs.
struct TenantRow: Sendable, Equatable {
    var submissions: Int64 = 0
    var account = Account()
    /// Its own quota; nil where that of the settings holds.
    var quota: Quota?

    /// In the order that `init(row:)` and `write` rely on.
    static let columns = """
        tenant, submissions, succeeded, failed, cancelled, wall_seconds, cpu_seconds, read_bytes, written_bytes, gpu_hours, \
        cost, quota
        """

    /// Whether a job of it has ended: it has an account only then.
    var hasAccount: Bool { account.succeeded + account.failed + account.cancelled > 0 }

    /// The tenant's row as it is; an empty one where it has none.
    static func fetch(_ db: Database, _ tenant: String) throws -> TenantRow {
        let statement = try db.cachedStatement(sql: "SELECT \(columns) FROM tenants WHERE tenant = ?")
        return try Row.fetchOne(statement, arguments: [tenant]).map(TenantRow.init) ?? TenantRow()
    }

    /// Every tenant's row, by the tenant.
    static func fetchAll(_ db: Database, from tables: Tables) throws -> [String: TenantRow] {
        let rows = try Row.fetchAll(db, sql: "SELECT \(columns) FROM \(tables.tenants)")
        return try Dictionary(uniqueKeysWithValues: rows.map { ($0[0], try TenantRow($0)) })
    }

    private init(_ row: Row) throws {
        submissions = row[1]
        account.succeeded = row[2]
        account.failed = row[3]
        account.cancelled = row[4]
        account.wallSeconds = row[5]
        account.cpuSeconds = row[6]
        account.readBytes = row[7]
        account.writtenBytes = row[8]
        account.gpuHours = row[9]
        account.cost = row[10]
        quota = try (row[11] as String?).map { try decodeJSON(Quota.self, $0, "a tenant's quota") }
    }

    init() {}

    func write(_ db: Database, _ tenant: String, into tables: Tables) throws {
        let statement = try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO \(tables.tenants) (\(Self.columns)) VALUES (\(marks(Self.columns)))")
        let values: [(any DatabaseValueConvertible)?] = [
            tenant, submissions, account.succeeded, account.failed, account.cancelled, account.wallSeconds,
            account.cpuSeconds, account.readBytes, account.writtenBytes, account.gpuHours, account.cost, quotaText,
        ]
        statement.setUncheckedArguments(StatementArguments(values))
        try statement.execute()
    }

    var quotaText: String? { quota.map { quota in JSONWriter.object { $0.fields(quota) } } }
}

extension StoredStep {
    /// Calls `change` with each change of a tenant's row, in the order in which the reducer makes them: sums of fractions
    /// depend on it.
    func changeTenants(_ change: (String, (inout TenantRow) -> Void) throws -> Void) rethrows {
        switch event.body {
        case .submitted(let tenant, _): try change(tenant) { $0.submissions += 1 }
        case .quotaSet(let tenant, let quota): try change(tenant) { $0.quota = quota }
        default: break
        }
        for record in changed where record.status.isTerminal {
            try change(record.tenant) { $0.account.add(record.withoutNonNumbers) }
        }
    }
}

extension JobRecord {
    /// A figure that is no number is stored as one that is not known, and counts as such.
    fileprivate var withoutNonNumbers: JobRecord {
        guard let usage, ![usage.wallSeconds, usage.cpuUserSeconds, usage.cpuSystemSeconds].allSatisfy({ $0?.isFinite ?? true })
        else { return self }
        func number(_ figure: Double?) -> Double? { figure.flatMap { $0.isFinite ? $0 : nil } }
        var record = self
        record.usage?.wallSeconds = number(usage.wallSeconds)
        record.usage?.cpuUserSeconds = number(usage.cpuUserSeconds)
        record.usage?.cpuSystemSeconds = number(usage.cpuSystemSeconds)
        return record
    }
}
