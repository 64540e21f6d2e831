import JobExecution
import JobHistory
import ProcessSpawn
import Simulation
import Synchronization

// What a judge may do and see beyond a client: hold jobs still, wait without polling, look at the platform's own record.
extension Engine {
    /// Makes a tenant and its token. Its jobs are watched: `wait` and `watchedJobs` work for it.
    ///
    /// - Throws: `unavailable` when the history cannot be read for the jobs that a tenant of this name had before.
    public func addTenant(_ tenant: Tenant) async throws(PlatformError) -> Token {
        watchers.watch(tenant)
        let earlier = try await reading { history throws(HistoryError) in
            try await history.jobs(tenant: tenant.name, limit: Watchers.earlierLimit)
        }
        watchers.recall(earlier.map { board.job($0.id) ?? $0 }, of: tenant)
        let token = Token.random()
        tenants.set(token, of: tenant)
        return token
    }

    /// Refuses the tenant's token from now on, and forgets what was watched. Its jobs go on, and stay in the history.
    public func removeTenant(_ tenant: Tenant) {
        tenants.remove(tenant)
        requests.forget(tenant)
        watchers.forget(tenant)
    }

    /// Asks that the tenant's next job stands still at `point`. It is in force once this returns.
    ///
    /// - Returns: the hold's name, for `release`.
    /// - Throws: `unavailable` when it could not be stored.
    public func arm(_ point: HoldPoint, tenant: Tenant) async throws(PlatformError) -> String {
        let hold = "hold-\(nextHold)"
        nextHold += 1
        _ = try await ask(.holdArmed(hold: hold, tenant: tenant.name, point))
        return hold
    }

    /// Ends a hold, whether or not it has caught a job. One that is over is left so.
    public func release(_ hold: String) async throws(PlatformError) {
        _ = try await ask(.holdReleased(hold: hold))
    }

    /// The job that a hold has caught; nil while it has caught none, or is over.
    public nonisolated func job(caughtBy hold: String) -> String? { board.live.hold(hold)?.job }

    /// The jobs of a tenant from `addTenant`, in the order of their submission.
    public func watchedJobs(of tenant: Tenant) -> [WatchedJob] { watchers.jobs(of: tenant) }

    /// Waits until something holds of the jobs of a tenant from `addTenant`, in the order of their submission.
    ///
    /// - Parameter timeoutSeconds: on the wall's clock.
    /// - Returns: whether it came to hold; false after the time is up, the tenant is removed or the task cancelled.
    public func wait(
        tenant: Tenant, timeoutSeconds: Double, until condition: @escaping @Sendable ([WatchedJob]) -> Bool
    ) async -> Bool {
        var deadline: Task<Void, Never>?
        defer { deadline?.cancel() }
        let wait = WaitNumber()
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !isClosed, watchers.isWatched(tenant), !Task.isCancelled else {
                    continuation.resume(returning: false)
                    return
                }
                guard let number = watchers.wait(tenant, condition, continuation) else { return }
                guard wait.begin(number) else { return watchers.giveUp(number) }
                deadline = Task { [weak self] in
                    guard (try? await Task.sleep(for: .seconds(timeoutSeconds))) != nil else { return }
                    await self?.giveUp(number)
                }
            }
        } onCancel: {
            guard let number = wait.cancel() else { return }
            Task { [weak self] in await self?.giveUp(number) }
        }
    }

    private func giveUp(_ wait: Int) { watchers.giveUp(wait) }

    /// Every tenant's jobs whose code contains `text`, oldest first.
    public nonisolated func jobs(codeContaining text: String) async throws(PlatformError) -> [JobRecord] {
        try await reading { history throws(HistoryError) in try await history.jobs(codeContaining: text) }
    }

    /// What a job was submitted with; nil for an unknown id.
    public nonisolated func submission(of id: String) async throws(PlatformError) -> Submission? {
        if let live = board.live.submission(of: id) { return live }
        return try await reading { history throws(HistoryError) in try await history.submission(ofJob: id) }
    }

    /// Whether this text is the id of a job, whoever's it is.
    public nonisolated func knows(_ id: String) async throws(PlatformError) -> Bool {
        if board.job(id) != nil { return true }
        return try await reading { history throws(HistoryError) in try await history.job(id: id) } != nil
    }

    /// How many jobs there are, of every tenant.
    public nonisolated func jobCount() async throws(PlatformError) -> Int {
        try await reading { history throws(HistoryError) in try await history.count() }
    }

    /// The processes of a job that live now, by what the operating system says.
    public nonisolated func liveProcesses(ofJob id: String) -> [ProcessEntry] {
        // Its node's notes name its main process; the marks of the others are the same from everywhere.
        let name = board.job(id)?.node
        return (nodeFolders.first { $0.name == name } ?? nodeFolder).liveProcesses(ofJob: id)
    }
}

/// The number of a wait, for whoever cancels it from outside the engine, be it before it has one.
private final class WaitNumber: Sendable {
    private let state = Mutex<(number: Int?, isCancelled: Bool)>((nil, false))

    /// False when it was cancelled already.
    func begin(_ number: Int) -> Bool {
        state.withLock { state in
            state.number = number
            return !state.isCancelled
        }
    }

    func cancel() -> Int? {
        state.withLock { state in
            state.isCancelled = true
            return state.number
        }
    }
}
