extension State {
    mutating func processStarted(_ id: String, at moment: Timestamp) -> Step {
        guard var job = jobs[id], job.isLaunched, !job.hasStarted else { return .ignored }
        var step = Step()
        if start(&job, at: moment) { step.changed.append(job.record) }
        jobs[id] = job
        job.startTimer(at: moment, &step)
        return step
    }

    /// - Parameter cause: `launchFailed` or `dependenciesFailed`.
    mutating func launchFailed(_ id: String, _ cause: ExitCause, _ message: String, at moment: Timestamp) -> Step {
        guard let job = jobs[id], job.isLaunched, !job.hasStarted, !staysPending(job) else { return .ignored }
        var step = Step()
        end(id, outcome(of: job, otherwise: .failed(cause, message)), at: moment, &step)
        admit(&step)
        return step
    }

    mutating func processExited(_ id: String, _ seen: SeenExit) -> Step {
        guard let job = jobs[id], job.isLaunched, job.exit == nil else { return .ignored }
        var step = Step()
        if !isStopping && holds.catches(job.record, at: .settling) {
            settle(id, seen, &step)
        } else {
            finish(id, seen, &step)
            admit(&step)
        }
        return step
    }

    /// Ends a job by the end of its process.
    mutating func finish(_ id: String, _ seen: SeenExit, _ step: inout Step) {
        guard var job = jobs[id] else { return }
        job.record.note(seen)
        jobs[id] = job
        let natural = job.limitOutcome(seen) ?? (isStopping ? .platformStopped : Outcome(seen.exit))
        end(id, outcome(of: job, otherwise: natural), at: seen.endedAt, &step)
    }

    /// Takes a job out of the live state, with everything that depends on it.
    mutating func end(_ id: String, _ outcome: Outcome, at moment: Timestamp, _ step: inout Step) {
        guard var job = jobs.removeValue(forKey: id) else { return }
        let wasRunning = job.record.status == .running
        job.record.end(outcome, at: moment, rate: job.submission.rate)
        if job.isLaunched {
            giveBack(job)
        } else {
            queue.remove(number: job.record.number)
        }
        job.stopTimers(&step)
        close(job.record, wasRunning: wasRunning)
        if let key = job.record.idempotencyKey { jobsByKey[TenantKey(tenant: job.record.tenant, key: key)] = nil }
        holds.letGo(ofJob: id)
        step.changed.append(job.record)
    }

    /// Keeps the end of a job back, for a hold at `settling`: everyone sees it run on.
    private mutating func settle(_ id: String, _ seen: SeenExit, _ step: inout Step) {
        guard var job = jobs[id] else { return }
        job.stopTimers(&step)
        if !job.hasStarted, start(&job, at: seen.startedAt) { step.changed.append(job.record) }
        job.isInGrace = false
        job.exit = seen
        jobs[id] = job
    }

    /// What has not started when the platform stops waits for the next start, which launches it again.
    func staysPending(_ job: LiveJob) -> Bool {
        isStopping && !job.hasStarted && job.record.cancelRequestedAt == nil
    }

    /// A client who asked for the cancellation gets it, whatever the end was.
    func outcome(of job: LiveJob, otherwise natural: Outcome) -> Outcome {
        job.record.cancelRequestedAt == nil ? natural : .cancelled
    }

    /// Its process runs. False when the record does not tell, since it ran before, on a node that was lost.
    private mutating func start(_ job: inout LiveJob, at moment: Timestamp) -> Bool {
        job.attemptStartedAt = max(job.record.createdAt, moment)
        guard job.record.startedAt == nil else { return false }
        job.record.start(at: moment)
        tenants[job.record.tenant]?.running += 1
        return true
    }

    /// Frees what it had of its node.
    mutating func giveBack(_ job: LiveJob) {
        nodeTable.giveBack(Allocation(job.submission.resources), to: job.node)
    }

    private mutating func close(_ record: JobRecord, wasRunning: Bool) {
        var books = tenants[record.tenant] ?? TenantBooks()
        books.live -= 1
        if wasRunning { books.running -= 1 }
        books.account.add(record)
        tenants[record.tenant] = books
    }
}
