extension State {
    mutating func cancelRequested(_ id: String, at moment: Timestamp) -> Step {
        guard var job = jobs[id] else { return Step(answer: .cancelled(false), isRecorded: false) }
        if job.record.cancelRequestedAt != nil { return Step(answer: .cancelled(true), isRecorded: false) }
        // What ends it came before anyone asked: a hold at `settling` hides the outcome and does not change it, nor does
        // the grace period of one whose time is over.
        if job.exit != nil || job.isOverTime { return Step(answer: .cancelled(false), isRecorded: false) }

        job.record.cancelRequestedAt = max(job.record.createdAt, moment)
        jobs[id] = job
        var step = Step(answer: .cancelled(true))
        if job.isLaunched {
            step.changed.append(job.record)
            terminate(id, &step)
        } else {
            end(id, .cancelled, at: moment, &step)
        }
        return step
    }

    /// TERM now, KILL after the grace period.
    mutating func terminate(_ id: String, _ step: inout Step) {
        guard let job = jobs[id], !job.isInGrace else { return }
        jobs[id]?.isInGrace = true
        step.effects.append(.terminate(job: id, node: job.node))
        step.effects.append(.startTimer(.cancelGrace(job: id), seconds: settings.cancelGraceSeconds))
    }

    mutating func graceEnded(_ id: String) -> Step {
        guard let job = jobs[id], job.isInGrace else { return .ignored }
        jobs[id]?.isInGrace = false
        return Step(effects: [.kill(job: id, node: job.node)])
    }
}
