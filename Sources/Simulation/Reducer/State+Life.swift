extension State {
    mutating func processStarted(_ id: String, at moment: Timestamp) -> Step {
        guard var job = jobs[id], job.isLaunched, job.record.startedAt == nil else { return .ignored }
        job.record.start(at: moment)
        jobs[id] = job
        return Step(changed: [job.record])
    }

    mutating func launchFailed(_ id: String, _ message: String, at moment: Timestamp) -> Step {
        guard let job = jobs[id], job.isLaunched, job.record.startedAt == nil, !staysPending(job) else { return .ignored }
        var step = Step()
        end(id, outcome(of: job, otherwise: .failed("launch_failed", message)), at: moment, &step)
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

    mutating func nodeLost(_ id: String, at moment: Timestamp) -> Step {
        guard let job = jobs[id], job.isLaunched, job.exit == nil, !staysPending(job) else { return .ignored }
        let lost = Outcome.failed("node_lost", "the node that ran the job was lost")
        var step = Step()
        end(id, outcome(of: job, otherwise: isStopping ? .platformStopped : lost), at: moment, &step)
        admit(&step)
        return step
    }

    /// Ends a job by the end of its process.
    mutating func finish(_ id: String, _ seen: SeenExit, _ step: inout Step) {
        guard var job = jobs[id] else { return }
        job.record.note(seen)
        jobs[id] = job
        let natural = isStopping ? Outcome.platformStopped : Outcome(seen.exit)
        end(id, outcome(of: job, otherwise: natural), at: seen.endedAt, &step)
    }

    /// Takes a job out of the live state, with everything that depends on it.
    mutating func end(_ id: String, _ outcome: Outcome, at moment: Timestamp, _ step: inout Step) {
        guard var job = jobs.removeValue(forKey: id) else { return }
        job.record.end(outcome, at: moment)
        if job.isLaunched {
            launchedCount -= 1
        } else {
            queue.remove(number: job.record.number)
        }
        if job.isInGrace { step.effects.append(.stopTimer(.cancelGrace(job: id))) }
        if let key = job.record.idempotencyKey { jobsByKey[TenantKey(tenant: job.record.tenant, key: key)] = nil }
        holds.letGo(ofJob: id)
        step.changed.append(job.record)
    }

    /// Keeps the end of a job back, for a hold at `settling`: everyone sees it run on.
    private mutating func settle(_ id: String, _ seen: SeenExit, _ step: inout Step) {
        guard var job = jobs[id] else { return }
        if job.isInGrace { step.effects.append(.stopTimer(.cancelGrace(job: id))) }
        if job.record.startedAt == nil {
            job.record.start(at: seen.startedAt)
            step.changed.append(job.record)
        }
        job.isInGrace = false
        job.exit = seen
        jobs[id] = job
    }

    /// What has not started when the platform stops waits for the next start, which launches it again.
    private func staysPending(_ job: LiveJob) -> Bool {
        isStopping && job.record.startedAt == nil && job.record.cancelRequestedAt == nil
    }

    /// A client who asked for the cancellation gets it, whatever the end was.
    private func outcome(of job: LiveJob, otherwise natural: Outcome) -> Outcome {
        job.record.cancelRequestedAt == nil ? natural : .cancelled
    }
}
