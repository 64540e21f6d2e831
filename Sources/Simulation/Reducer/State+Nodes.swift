extension State {
    /// A node that is not up takes no jobs. What becomes of those it has, its shell says job by job.
    mutating func nodeChanged(_ name: String, _ condition: NodeCondition) -> Step {
        guard nodeTable.change(name, to: condition) else { return .ignored }
        var step = Step()
        admit(&step)
        return step
    }

    mutating func nodeLost(_ id: String, at moment: Timestamp) -> Step {
        guard let job = jobs[id], job.isLaunched, job.exit == nil, !staysPending(job) else { return .ignored }
        var step = Step()
        if isRetried(job) {
            requeue(job, &step)
            let requeued = step.changed
            step.changed = []
            admit(&step)
            // Once, as it stands after the event.
            if !step.changed.contains(where: { $0.id == id }) { step.changed = requeued + step.changed }
        } else {
            let natural = job.limitOutcome(nil) ?? (isStopping ? .platformStopped : .nodeLost)
            end(id, outcome(of: job, otherwise: natural), at: moment, &step)
            admit(&step)
        }
        return step
    }

    private func isRetried(_ job: LiveJob) -> Bool {
        job.record.attempt <= job.submission.retries && job.record.cancelRequestedAt == nil && !isStopping
            && !job.isOverTime && settings.capacity.misfit(of: job.submission.resources) == nil
    }

    /// Back to its old place in the queue. Whoever looks sees a job that goes no further for a while, never one that
    /// goes back: its status and its start stay.
    private mutating func requeue(_ lost: LiveJob, _ step: inout Step) {
        lost.stopTimers(&step)
        giveBack(lost)
        var job = LiveJob(record: lost.record, submission: lost.submission)
        job.record.node = nil
        job.record.attempt += 1
        jobs[job.record.id] = job
        holds.letGo(ofJob: job.record.id)
        queue.insert(job.record.id, number: job.record.number)
        step.changed.append(job.record)
    }
}
