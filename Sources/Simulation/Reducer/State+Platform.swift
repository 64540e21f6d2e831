extension State {
    mutating func platformStarted(_ settings: Settings, at moment: Timestamp) -> Step {
        self.settings = settings
        isStopping = false
        var step = Step()

        // 1. The holds of the run before are over.
        endHolds(&step)

        // 2. Every node is up. Jobs stay booked where they were launched, on a node that is there no more too.
        nodeTable = NodeTable(settings)
        for job in liveJobsInOrder where job.isLaunched { nodeTable.take(Allocation(job.submission.resources), of: job.node) }
        endMisfits(at: moment, &step)

        // 3. What was ordered before the end of that run may never have been done: order it again.
        for job in liveJobsInOrder where job.isLaunched {
            jobs[job.record.id]?.isInGrace = false
            if job.record.cancelRequestedAt != nil || job.isOverTime {
                terminate(job.record.id, &step)
                continue
            }
            if job.hasGate { step.effects.append(.openGate(job: job.record.id, node: job.node)) }
            job.startTimer(at: moment, &step)
        }

        // 4. Slots may be free now, or more than before.
        admit(&step)
        return step
    }

    mutating func platformStopping() -> Step {
        guard !isStopping else { return .ignored }
        var step = Step()
        endHolds(&step)
        isStopping = true
        for job in liveJobsInOrder where job.isLaunched {
            terminate(job.record.id, &step)
        }
        return step
    }

    /// Nodes may have less than before: a job that fits on none of them any more would block the queue for ever.
    private mutating func endMisfits(at moment: Timestamp, _ step: inout Step) {
        guard settings.capacity.isCounted else { return }
        for job in liveJobsInOrder where !job.isLaunched {
            guard let misfit = settings.capacity.misfit(of: job.submission.resources) else { continue }
            end(job.record.id, outcome(of: job, otherwise: .failed(.launchFailed, misfit)), at: moment, &step)
        }
    }
}
