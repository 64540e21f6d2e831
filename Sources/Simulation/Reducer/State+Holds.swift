extension State {
    mutating func holdArmed(_ id: String, _ tenant: String, _ point: HoldPoint) -> Step {
        holds.arm(id, tenant: tenant, point) ? Step() : .ignored
    }

    mutating func holdReleased(_ id: String) -> Step {
        guard let hold = holds.release(id) else { return .ignored }
        var step = Step()
        guard let caught = hold.job, let job = jobs[caught] else { return step }
        switch hold.point {
        case .pending:
            queue.insert(caught, number: job.record.number)
        case .running:
            step.effects.append(.openGate(job: caught, node: job.node))
        case .settling:
            if let seen = job.exit { finish(caught, seen, &step) }
        }
        admit(&step)
        return step
    }

    /// Ends every hold: jobs whose end was kept back end now, those kept pending wait for a slot again. Gates are for
    /// the caller, who knows whether their jobs shall run on.
    mutating func endHolds(_ step: inout Step) {
        for job in liveJobsInOrder {
            if let seen = job.exit {
                finish(job.record.id, seen, &step)
            } else if holds.keepsPending(job.record.id) {
                queue.insert(job.record.id, number: job.record.number)
            }
        }
        holds = Holds()
    }
}
