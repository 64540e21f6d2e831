import JobHistory
import Simulation

/// Which jobs a page of the list shall have.
public struct JobQuery: Sendable, Hashable {
    /// 1 or more.
    public var limit: Int
    public var status: JobStatus?
    public var name: String?
    /// Only jobs with a lower number: the `next` of the page before.
    public var before: Int64?

    public init(limit: Int = 50, status: JobStatus? = nil, name: String? = nil, before: Int64? = nil) {
        self.limit = limit
        self.status = status
        self.name = name
        self.before = before
    }
}

/// A page of the list, newest first.
public struct JobPage: Sendable, Hashable {
    public var jobs: [JobRecord]
    /// `before` of the next page; nil when this is the last.
    public var next: Int64?
}

// What a client may do and see.
extension Engine {
    /// Takes a job. It is stored when this returns.
    ///
    /// The same idempotency key with the same submission gives the first job again, also after its end.
    /// - Throws: `conflict` for such a key with another submission; `invalid`, `unavailable`.
    public func submit(_ submission: Submission, tenant: Tenant) async throws(PlatformError) -> JobRecord {
        try checkDependencies(submission)
        var submission = submission
        submission.rate = InstanceCatalogue.standard.rate(of: submission.resources)
        guard let key = submission.idempotencyKey.map({ TenantKey(tenant: tenant.name, key: $0) }) else {
            return try await accept(submission, tenant)
        }
        // One at a time for a key: the second must find what the first became.
        await take(key)
        defer { give(back: key) }
        if let (record, first) = try await earlier(key) {
            guard submission.asksTheSame(as: first) else {
                throw PlatformError(.conflict, "this idempotency key was used for another submission, which is \(record.id)")
            }
            return board.job(record.id) ?? record
        }
        return try await accept(submission, tenant)
    }

    /// Asks that a job ends. False when it had ended, or its process had.
    public func cancel(_ id: String, tenant: Tenant) async throws(PlatformError) -> Bool {
        _ = try await job(id, tenant: tenant)
        guard case .cancelled(let did) = try await ask(.cancelRequested(job: id)) else { return false }
        return did
    }

    /// - Throws: `notFound`, also for another tenant's job.
    public nonisolated func job(_ id: String, tenant: Tenant) async throws(PlatformError) -> JobRecord {
        if let record = board.job(id) {
            guard record.tenant == tenant.name else { throw .noSuchJob(id) }
            return record
        }
        let stored = try await reading { history throws(HistoryError) in try await history.job(id: id, tenant: tenant.name) }
        guard let stored else { throw .noSuchJob(id) }
        return stored
    }

    /// A page of the tenant's jobs, newest first.
    public nonisolated func jobs(_ query: JobQuery, tenant: Tenant) async throws(PlatformError) -> JobPage {
        let rows = try await reading { history throws(HistoryError) in
            // One more than asked for tells whether there is a next page.
            try await history.jobs(
                tenant: tenant.name, status: query.status, name: query.name, before: query.before, limit: query.limit + 1)
        }
        let jobs = Array(rows.prefix(query.limit))
        return JobPage(jobs: jobs, next: rows.count > query.limit ? jobs.last?.number : nil)
    }

    /// What happened to a job, in order.
    public nonisolated func events(ofJob id: String, tenant: Tenant) async throws(PlatformError) -> [StoredEvent] {
        _ = try await job(id, tenant: tenant)
        return try await reading { history throws(HistoryError) in try await history.events(ofJob: id) }
    }

    /// Reads the history, and waits until the board is not behind what was read.
    nonisolated func reading<T: Sendable>(
        _ query: (JobHistory) async throws(HistoryError) -> T
    ) async throws(PlatformError) -> T {
        let result: T
        do {
            result = try await query(history)
        } catch {
            throw PlatformError(error)
        }
        await catchUp()
        return result
    }

    private func accept(_ submission: Submission, _ tenant: Tenant) async throws(PlatformError) -> JobRecord {
        try await awaitDependencies(submission, tenant)
        try checkRoom()
        switch try await ask(.submitted(tenant: tenant.name, submission)) {
        case .accepted(let record):
            return record

        case .refused(let code, let message):
            throw PlatformError(refusal: code, message)

        case .cancelled, nil:
            throw PlatformError(.internal, "the submission was not answered")
        }
    }

    private func checkRoom() throws(PlatformError) {
        let lack = room.lack()
        if (lack != nil) != lacksRoom {
            lacksRoom = lack != nil
            tellStorageNotice(lack.map { .noRoomForJobs($0) } ?? .roomForJobsAgain)
        }
        if let lack { throw PlatformError(.unavailable, lack) }
    }

    private func earlier(_ key: TenantKey) async throws(PlatformError) -> (JobRecord, Submission)? {
        // The core knows the keys of live jobs, and answers for them itself.
        if state.job(tenant: key.tenant, idempotencyKey: key.key) != nil { return nil }
        return try await reading { history throws(HistoryError) in
            try await history.jobByIdempotencyKey(tenant: key.tenant, key: key.key)
        }
    }

    private func take(_ key: TenantKey) async {
        while keysInUse[key] != nil {
            await withCheckedContinuation { keysInUse[key, default: []].append($0) }
        }
        keysInUse[key] = []
    }

    private func give(back key: TenantKey) {
        for waiting in keysInUse.removeValue(forKey: key) ?? [] { waiting.resume() }
    }
}
