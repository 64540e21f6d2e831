import Simulation

/// A job as a judge sees it: its record, and what is not told to clients.
public struct WatchedJob: Sendable, Hashable {
    public var record: JobRecord
    /// Its process ended, whether or not a hold keeps that back.
    public var exitSeen = false
}

/// The jobs of watched tenants, and who waits for something to become true of them.
struct Watchers {
    private var jobsByTenant: [String: [WatchedJob]] = [:]
    private var waiting: [Waiting] = []
    private var nextWait = 1

    private struct Waiting {
        var id: Int
        var tenant: String
        var condition: @Sendable ([WatchedJob]) -> Bool
        var continuation: CheckedContinuation<Bool, Never>
    }

    mutating func watch(_ tenant: Tenant) {
        jobsByTenant[tenant.name] = jobsByTenant[tenant.name] ?? []
    }

    /// How many jobs of an earlier life of a tenant are taken in.
    static let earlierLimit = 1000

    /// Takes in what the history knows of a tenant; what was seen happen since `watch` stands.
    mutating func recall(_ records: [JobRecord], of tenant: Tenant) {
        guard let seen = jobsByTenant[tenant.name] else { return }
        let known = Set(seen.map(\.record.id))
        let recalled = records.filter { !known.contains($0.id) }.map { WatchedJob(record: $0, exitSeen: $0.status.isTerminal) }
        jobsByTenant[tenant.name] = (recalled + seen).sorted { $0.record.number < $1.record.number }
    }

    /// Forgets a tenant. Who waits for it is told that it did not come true.
    mutating func forget(_ tenant: Tenant) {
        jobsByTenant[tenant.name] = nil
        finish { $0.tenant == tenant.name ? false : nil }
    }

    mutating func forgetAll() {
        jobsByTenant = [:]
        finish { _ in false }
    }

    func isWatched(_ tenant: Tenant) -> Bool { jobsByTenant[tenant.name] != nil }

    /// In the order of their submission.
    func jobs(of tenant: Tenant) -> [WatchedJob] { jobsByTenant[tenant.name] ?? [] }

    mutating func note(_ event: Event, _ changed: [JobRecord], _ after: State) {
        guard !jobsByTenant.isEmpty else { return }
        var touched: Set<String> = []
        for record in changed where jobsByTenant[record.tenant] != nil {
            update(record.id, of: record.tenant, orAdd: record) { $0.record = record }
            touched.insert(record.tenant)
        }
        if case .processExited(let job, _) = event.body, let tenant = tenant(of: job, changed, after) {
            update(job, of: tenant) { $0.exitSeen = true }
            touched.insert(tenant)
        }
        guard !touched.isEmpty else { return }
        finish { [jobsByTenant] waiting in
            touched.contains(waiting.tenant) && waiting.condition(jobsByTenant[waiting.tenant] ?? []) ? true : nil
        }
    }

    /// Waits, unless it holds already. Gives the number by which the wait can be ended, nil when it is over.
    mutating func wait(
        _ tenant: Tenant, _ condition: @escaping @Sendable ([WatchedJob]) -> Bool, _ continuation: CheckedContinuation<Bool, Never>
    ) -> Int? {
        if condition(jobs(of: tenant)) {
            continuation.resume(returning: true)
            return nil
        }
        nextWait += 1
        waiting.append(Waiting(id: nextWait, tenant: tenant.name, condition: condition, continuation: continuation))
        return nextWait
    }

    mutating func giveUp(_ wait: Int) {
        finish { $0.id == wait ? false : nil }
    }

    private mutating func finish(_ answer: (Waiting) -> Bool?) {
        waiting.removeAll { waiting in
            guard let answer = answer(waiting) else { return false }
            waiting.continuation.resume(returning: answer)
            return true
        }
    }

    private func tenant(of job: String, _ changed: [JobRecord], _ after: State) -> String? {
        let tenant = changed.first { $0.id == job }?.tenant ?? after.job(job)?.tenant
        return tenant.flatMap { jobsByTenant[$0] == nil ? nil : $0 }
    }

    private mutating func update(
        _ job: String, of tenant: String, orAdd record: JobRecord? = nil, _ change: (inout WatchedJob) -> Void
    ) {
        guard var jobs = jobsByTenant.removeValue(forKey: tenant) else { return }
        // The newest are the ones that change.
        if let index = jobs.lastIndex(where: { $0.record.id == job }) {
            change(&jobs[index])
        } else if let record {
            jobs.append(WatchedJob(record: record))
        }
        jobsByTenant[tenant] = jobs
    }
}
