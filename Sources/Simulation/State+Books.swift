import HashTreeCollections

// The read-out of what is counted.
extension State {
    /// The nodes of the settings, in order, with their conditions and what their jobs have of them.
    public var nodes: [Node] { Array(nodeTable.current) }

    /// Nodes that the settings have no more and that jobs are still launched on. Those jobs are lost: the shell feeds
    /// `nodeLost` for each of `launchedJobs(on:)`.
    public var goneNodes: [Node] { Array(nodeTable.gone) }

    /// Those of `launchedJobs` that were launched on this node, oldest first.
    public func launchedJobs(on node: String) -> [LaunchedJob] {
        launchedJobs.filter { ($0.record.node ?? Self.node) == node }
    }

    /// What the tenant's ended jobs came to.
    public func account(of tenant: String) -> Account { tenants[tenant]?.account ?? Account() }

    /// The accounts of all tenants that have jobs which ended.
    public var accounts: [String: Account] {
        var accounts: [String: Account] = [:]
        for (tenant, books) in tenants where books.account != Account() { accounts[tenant] = books.account }
        return accounts
    }

    /// What the tenant may use: its own quota, or the settings'.
    public func quota(of tenant: String) -> Quota { tenants[tenant]?.quota ?? settings.quota }

    /// The quotas of the tenants that have their own.
    public var quotas: [String: Quota] {
        var quotas: [String: Quota] = [:]
        for (tenant, books) in tenants { quotas[tenant] = books.quota }
        return quotas
    }

    /// How many of the tenant's jobs have not ended.
    public func liveCount(of tenant: String) -> Int { tenants[tenant]?.live ?? 0 }

    /// How many of those have started.
    public func startedCount(of tenant: String) -> Int { tenants[tenant]?.running ?? 0 }

    /// The tenants that jobs were accepted from, or that have a quota of their own, by name.
    public var tenantNames: [String] { tenants.keys.sorted() }
}
