import Recording

/// Waiting for what the platform's own record tells, and a second program beside the first.
extension Stage {
    /// Like ``wait(_:for:index:patience:)``, for a moment that a broken connector keeps from coming: false where it did not come, and the
    /// probe goes on.
    @discardableResult
    func reaches(
        _ label: String, _ moment: JobMoment, index: Int = 0, patience: Duration = .seconds(3)
    ) async throws -> Bool {
        let reached = try await comes(to: moment, index: index, patience: patience)
        try await jobs(label)
        return reached
    }

    /// Waits until the tenant's job is on the platform, or until submit_job, which is under way, has ended without one.
    func arrives(_ label: String, by submission: PendingCall, index: Int = 0, patience: Duration = .seconds(20)) async throws -> Bool {
        let until = ContinuousClock.now + patience
        var arrived = false
        while !arrived, ContinuousClock.now < until {
            let isOver = await submission.isSettled
            arrived = try await oracle.wait(for: .exists, index: index, of: tenant, patience: isOver ? appearance : .milliseconds(100))
            if isOver { break }
        }
        try await jobs(label)
        return arrived
    }

    /// Lets the tenant's jobs come to their end, so that a record of them is the same in every run. Nothing may be held.
    func comeToRest() async throws { try await oracle.settle(tenant, patience: .seconds(2)) }

    /// Waits until the tenant's first `count` jobs have all reached `moment`, and records the platform's jobs once, under `label`.
    /// - Throws: ``ProbeStop`` where one of them does not come to it.
    @discardableResult
    func waitForAll(
        _ label: String, for moment: JobMoment, count: Int, patience: Duration = .seconds(20)
    ) async throws -> [JobTruth] {
        for index in 0..<count {
            guard try await comes(to: moment, index: index, patience: patience) else {
                try await jobs(label)
                throw ProbeStop("the platform has no \(count) jobs of which each \(moment.phrase)", by: label)
            }
        }
        return try await jobs(label)
    }

    /// Waits until the tenant's `index`-th job has written `word` to its standard output, and records the platform's jobs under `label`.
    ///
    /// The platform tells nobody when a job writes, so its record is read again at short intervals. A process may write before the
    /// platform has noted that it runs: both are waited for.
    /// - Throws: ``ProbeStop`` where the job ends, or `patience` is over, without the word.
    @discardableResult
    func waitForOutput(
        _ label: String, containing word: String, index: Int = 0, patience: Duration = .seconds(20)
    ) async throws -> JobTruth {
        let there = try await oracle.wait(for: .exists, index: index, of: tenant, patience: min(patience, appearance))
        let until = ContinuousClock.now + patience
        while there, ContinuousClock.now < until {
            let jobs = try await oracle.jobs(of: tenant)
            if index < jobs.count, jobs[index].isTerminal { break }
            if index < jobs.count, jobs[index].status == "running", jobs[index].standardOutput.contains(word) { break }
            try await Task.sleep(for: .milliseconds(5))
        }
        let jobs = try await jobs(label)
        guard index < jobs.count, jobs[index].standardOutput.contains(word) else {
            throw ProbeStop("job number \(index + 1) never wrote its word", by: label)
        }
        return jobs[index]
    }

    /// The same for a word that a connector may keep back, as one that wraps the code: false where it did not come, and the probe goes on.
    @discardableResult
    func writes(_ label: String, _ word: String, index: Int = 0, patience: Duration = .seconds(3)) async throws -> Bool {
        do {
            try await waitForOutput(label, containing: word, index: index, patience: patience)
            return true
        } catch is ProbeStop {
            return false
        }
    }

    /// Plays `body` in a second session with the same tenant: another process of the same user, who has one home folder. What it does is
    /// recorded among the facts of this probe.
    func inSecondSession(_ body: (Stage) async throws -> Void) async throws {
        let second = try await subject.open(beside: session)
        let stage = Stage(
            tenant: tenant, terms: terms, deadline: deadline, canHold: canHold, appearance: appearance, probe: probe, subject: subject, session: second,
            oracle: oracle, recorder: recorder)
        do {
            try await body(stage)
        } catch {
            await second.close()
            throw error
        }
        await second.close()
    }

    /// Calls a method `times` times in a row and records the last call under `label`, or the first that did not return.
    @discardableResult
    func callRepeatedly(_ label: String, times: Int, _ method: Method, _ arguments: Call.Argument...) async throws -> Outcome {
        let planned = PlannedCall(label, method, arguments)
        var reply = await session.call(instance: "main", method: method.rawValue, arguments: arguments, deadline: deadline)
        for _ in 1..<max(1, times) {
            guard reply.outcome.value != nil else { break }
            reply = await session.call(instance: "main", method: method.rawValue, arguments: arguments, deadline: deadline)
        }
        return try await record(planned, reply)
    }

    /// What `look` makes of the recording so far: for a probe whose next step depends on what was seen.
    func recorded<Answer: Sendable>(_ look: @Sendable (Recording) -> Answer) async -> Answer { look(await recorder.recording()) }
}
