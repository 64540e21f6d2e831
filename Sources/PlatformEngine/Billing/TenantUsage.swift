import Simulation

/// What a tenant's jobs came to, with those that have not ended.
public struct TenantUsage: Sendable, Hashable {
    /// Of the jobs that ended.
    public var account = Account()
    public var pending = 0
    public var running = 0

    public func count(of status: JobStatus) -> Int64 {
        switch status {
        case .pending: Int64(pending)
        case .running: Int64(running)
        case .succeeded: account.succeeded
        case .failed: account.failed
        case .cancelled: account.cancelled
        }
    }

    init() {}

    init(_ state: State, tenant: String) {
        account = state.account(of: tenant)
        running = state.startedCount(of: tenant)
        pending = state.liveCount(of: tenant) - running
    }

    static func + (left: TenantUsage, right: TenantUsage) -> TenantUsage {
        var sum = left
        sum.account.succeeded += right.account.succeeded
        sum.account.failed += right.account.failed
        sum.account.cancelled += right.account.cancelled
        sum.account.wallSeconds += right.account.wallSeconds
        sum.account.cpuSeconds += right.account.cpuSeconds
        sum.account.readBytes += right.account.readBytes
        sum.account.writtenBytes += right.account.writtenBytes
        sum.account.gpuHours += right.account.gpuHours
        sum.account.cost += right.account.cost
        sum.pending += right.pending
        sum.running += right.running
        return sum
    }
}

// What was used, and what may be.
extension Engine {
    /// What the tenant's jobs came to.
    public nonisolated func usage(tenant: Tenant) -> TenantUsage { TenantUsage(board.live, tenant: tenant.name) }

    /// What every tenant's jobs came to.
    public nonisolated func usageOfAll() -> TenantUsage {
        let live = board.live
        return live.tenantNames.reduce(TenantUsage()) { $0 + TenantUsage(live, tenant: $1) }
    }

    /// What the tenant may use: its own quota, or the one of all who have none.
    public nonisolated func quota(of tenant: Tenant) -> Quota { board.live.quota(of: tenant.name) }

    /// Gives the tenant a quota of its own; nil gives back the one of all who have none. Stored when this returns.
    public func setQuota(_ quota: Quota?, of tenant: Tenant) async throws(PlatformError) {
        _ = try await ask(.quotaSet(tenant: tenant.name, quota))
    }

    /// Everybody who has a token, jobs or a quota, by name.
    public nonisolated var knownTenants: [Tenant] {
        Set(board.live.tenantNames).union(tenants.names).sorted().map { Tenant(name: $0) }
    }
}
