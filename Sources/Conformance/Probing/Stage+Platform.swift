import Recording

/// What a probe does with the platform's help.
extension Stage {
    // MARK: - Holding still

    /// Arms a hold: this tenant's next job stops at `point` until ``release(_:)``.
    /// - Throws: ``ProbeStop`` where submit_job blocks until the end, so that nothing can be held.
    public func hold(_ point: HoldPoint) async throws -> String {
        guard canHold else { throw ProbeStop("submit_job blocks until the job's end, so that no job can be held") }
        let hold = try await oracle.arm(point, for: tenant)
        await recorder.add("hold at \(point.rawValue)", .harness("the platform holds the next job at \(point.rawValue)"))
        return hold
    }

    public func release(_ hold: String) async throws {
        try await oracle.release(hold)
        await recorder.add("release", .harness("the hold is released"))
    }

    /// Waits until the tenant's `index`-th job (from 0, by submission) has reached `moment`, and records the platform's jobs under `label`.
    /// - Throws: ``ProbeStop`` where it does not come.
    @discardableResult
    public func wait(
        _ label: String, for moment: JobMoment, index: Int = 0, patience: Duration = .seconds(20)
    ) async throws -> JobTruth {
        let reached = try await comes(to: moment, index: index, patience: patience)
        let jobs = try await jobs(label)
        guard reached, index < jobs.count else {
            throw ProbeStop("the platform has no job number \(index + 1) that \(moment.phrase)", by: label)
        }
        return jobs[index]
    }

    /// Whether the tenant's `index`-th job comes to `moment` by `patience`. One that was never submitted will come to nothing: a short
    /// patience for it to appear is enough.
    func comes(to moment: JobMoment, index: Int, patience: Duration) async throws -> Bool {
        guard try await oracle.wait(for: .exists, index: index, of: tenant, patience: min(patience, appearance)) else { return false }
        return try await oracle.wait(for: moment, index: index, of: tenant, patience: patience)
    }

    /// Records the platform's jobs of this tenant, in the order of submission.
    @discardableResult
    public func jobs(_ label: String) async throws -> [JobTruth] {
        let jobs = try await oracle.jobs(of: tenant)
        await recorder.add(label, .jobs(jobs))
        return jobs
    }

    /// Records the jobs of whatever tenant whose code holds the nonce.
    @discardableResult
    public func jobs(_ label: String, containing nonce: String) async throws -> [JobTruth] {
        let jobs = try await oracle.jobs(containing: nonce)
        await recorder.add(label, .jobs(jobs))
        return jobs
    }

    /// Records how many processes of the job's tree are alive.
    @discardableResult
    public func processes(_ label: String, of job: JobTruth) async throws -> Int {
        let alive = try await oracle.liveProcesses(ofJob: job.id)
        await recorder.add(label, .processes(job: job.id, alive: alive))
        return alive
    }

    @discardableResult
    public func requests(_ label: String) async throws -> [RequestSeen] {
        let requests = try await oracle.requests(of: tenant)
        await recorder.add(label, .requests(requests))
        return requests
    }

    // MARK: - Jobs through the connector

    /// Submits a program by keyword and returns the connector's id of it.
    /// - Throws: ``ProbeStop`` where submit_job raised or returned anything but a non-empty str.
    public func submit(
        _ label: String, _ program: Program, _ more: Call.Argument..., on instance: String = "main"
    ) async throws -> String {
        let outcome = try await perform(
            PlannedCall(label, .submitJob, [Call.Argument("code", .string(program.code))] + more, on: instance))
        guard let id = outcome.value?.string, !id.isEmpty else {
            throw ProbeStop("submit_job returned no job id", by: label)
        }
        return id
    }

    /// Reads the status until it is terminal, for a job that the platform has ended. A connector that lags, because it keeps what it read for
    /// some seconds, is given about ten of them, and few once it was waited for in vain; the last one is recorded under `label`, those before it under `label (early)`.
    ///
    /// - Parameter mustReturn: false where the clause at hand is itself about whether the status can still be read.
    @discardableResult
    public func settle(
        _ label: String, _ id: String, on instance: String = "main", mustReturn: Bool = true
    ) async throws -> Outcome {
        let job = Call.Argument("job_id", .string(id), positional: true)
        let attempts = await recorder.hasWaitedInVain ? 2 : 19
        for attempt in 0..<attempts {
            let reply = await session.call(
                instance: instance, method: Method.getJobStatus.rawValue, arguments: [job], deadline: deadline)
            let isLast = attempt == attempts - 1
            let isDone = Status(reply.outcome.value).map(\.isTerminal) ?? true
            let outcome = try await record(
                PlannedCall(isDone || isLast ? label : "\(label) (early)", .getJobStatus, [job], on: instance, mustReturn: mustReturn),
                reply)
            if isDone { return outcome }
            if isLast {
                await recorder.waitedInVain()
                return outcome
            }
            try await Task.sleep(for: .milliseconds(attempt < 9 ? 300 : 800))
        }
        throw HarnessFault("unreachable: settle reads the status a bounded number of times")
    }
}

extension JobMoment {
    var phrase: String {
        switch self {
        case .exists: "was submitted"
        case .running: "runs"
        case .exited: "has exited"
        case .ended: "has ended"
        }
    }
}
