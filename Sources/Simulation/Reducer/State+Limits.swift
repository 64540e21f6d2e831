// The limits that a job asked for: the core counts its time, its node sees to the rest.
extension State {
    /// The job's time is over: TERM, and KILL after the grace period. A cancel that was asked for first wins.
    mutating func timeLimitReached(_ id: String) -> Step {
        guard let job = jobs[id], job.hasTimer, job.record.cancelRequestedAt == nil, !isStopping else { return .ignored }
        jobs[id]?.isOverTime = true
        var step = Step()
        terminate(id, &step)
        return step
    }
}

extension LiveJob {
    /// The timer of its time limit runs.
    var hasTimer: Bool {
        submission.resources.maxRuntimeHours != nil && attemptStartedAt != nil && exit == nil && !isOverTime
    }

    /// Starts the timer of its time limit, with what is left of it at `moment`.
    func startTimer(at moment: Timestamp, _ step: inout Step) {
        guard hasTimer, let startedAt = attemptStartedAt, let limit = submission.resources.timeLimitSeconds else { return }
        let left = min(limit, max(0, limit - moment.seconds(since: startedAt)))
        step.effects.append(.startTimer(.timeLimit(job: record.id), seconds: left))
    }

    func stopTimers(_ step: inout Step) {
        if isInGrace { step.effects.append(.stopTimer(.cancelGrace(job: record.id))) }
        if hasTimer { step.effects.append(.stopTimer(.timeLimit(job: record.id))) }
    }

    /// The limit that ended it, if one did.
    func limitOutcome(_ seen: SeenExit?) -> Outcome? {
        let resources = submission.resources
        if isOverTime { return resources.timeLimitOutcome }
        switch seen?.exit.bound {
        case .memory: return resources.memoryOutcome
        case .disk: return resources.diskOutcome
        case nil: return nil
        }
    }
}

extension Resources {
    /// A hundred years: no timer and no timestamp takes any number of hours.
    private static let timeLimitSecondsMax = 3_155_760_000.0

    /// Of the platform's clock.
    var timeLimitSeconds: Double? {
        maxRuntimeHours.map { max(0, min($0 * 3600, Self.timeLimitSecondsMax)) }
    }

    fileprivate var timeLimitOutcome: Outcome {
        let hours = maxRuntimeHours ?? 0
        let seconds = ((timeLimitSeconds ?? 0) * 1e6).rounded() / 1e6
        return .failed(.timeLimit, "max_runtime_hours: ran longer than \(number(hours)) h (\(number(seconds)) s)")
    }

    fileprivate var memoryOutcome: Outcome {
        let most = memoryGB.map { "\(number($0)) GB" } ?? "its node had"
        return .failed(.outOfMemory, "memory_gb: used more than \(most)")
    }

    fileprivate var diskOutcome: Outcome {
        let most = diskSizeGB.map { "\(number($0)) GB" } ?? "its node had"
        return .failed(.diskLimit, "disk_size_gb: used more than \(most)")
    }
}
