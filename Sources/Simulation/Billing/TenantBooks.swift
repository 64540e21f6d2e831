/// What the core keeps of a tenant.
struct TenantBooks: Sendable, Equatable {
    /// Accepted submissions: the n in the draw of a job's id.
    var submissions: Int64 = 0
    /// Jobs that have not ended.
    var live = 0
    /// Those of them that have started.
    var running = 0
    /// What its ended jobs came to.
    var account = Account()
    /// Its own, in place of the settings'.
    var quota: Quota?
}

extension Quota {
    /// Why a tenant may have no more jobs; nil when it may.
    func refusal(_ books: TenantBooks) -> String? {
        if let runningJobs, books.live >= runningJobs {
            return "quota running_jobs: \(runningJobs) of this tenant's jobs may be pending or running at one time, "
                + "and \(books.live) are; wait for one to end"
        }
        if let cpuSeconds, books.account.cpuSeconds >= cpuSeconds {
            return "quota cpu_seconds: this tenant's jobs may use \(number(cpuSeconds)) s of CPU, "
                + "and have used \(rounded(books.account.cpuSeconds)) s"
        }
        if let cost, books.account.cost >= cost {
            return "quota cost: this tenant's jobs may cost \(number(cost)) USD (simulated), "
                + "and have cost \(rounded(books.account.cost)) USD"
        }
        return nil
    }

    /// Sums of many figures carry noise in their last places.
    private func rounded(_ sum: Double) -> String {
        sum < 1e9 ? number((sum * 1e6).rounded() / 1e6) : number(sum)
    }
}
