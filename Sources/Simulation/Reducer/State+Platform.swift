extension State {
    mutating func platformStarted(_ settings: Settings) -> Step {
        self.settings = settings
        isStopping = false
        var step = Step()

        // 1. The holds of the run before are over.
        endHolds(&step)

        // 2. What was ordered before the end of that run may never have been done: order it again.
        for job in liveJobsInOrder where job.isLaunched {
            jobs[job.record.id]?.isInGrace = false
            if job.record.cancelRequestedAt != nil {
                terminate(job.record.id, &step)
            } else if job.hasGate {
                step.effects.append(.openGate(job: job.record.id, node: job.record.node ?? Self.node))
            }
        }

        // 3. Slots may be free now, or more than before.
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
}
