extension State {
    /// Takes one event and says what it led to. The only way in which a state changes.
    ///
    /// Pure: an equal state and an equal event give an equal state and an equal step. Events that come late or twice
    /// change nothing, and their step says so (`isRecorded`).
    public mutating func reduce(_ event: Event) -> Step {
        switch event.body {
        case .platformStarted(let settings):
            return platformStarted(settings, at: event.at)

        case .platformStopping:
            return platformStopping()

        case .submitted(let tenant, let submission):
            return submitted(submission, by: tenant, at: event.at)

        case .cancelRequested(let job):
            return cancelRequested(job, at: event.at)

        case .processStarted(let job):
            return processStarted(job, at: event.at)

        case .launchFailed(let job, let message):
            return launchFailed(job, .launchFailed, message, at: event.at)

        case .processExited(let job, let exit):
            return processExited(job, SeenExit(at: event.at, exit: exit))

        case .nodeLost(let job):
            return nodeLost(job, at: event.at)

        case .timerFired(.cancelGrace(let job)):
            return graceEnded(job)

        case .timerFired(.timeLimit(let job)):
            return timeLimitReached(job)

        case .preparationFailed(let job, let message):
            return launchFailed(job, .dependenciesFailed, message, at: event.at)

        case .nodeChanged(let node, let condition):
            return nodeChanged(node, condition)

        case .quotaSet(let tenant, let quota):
            return quotaSet(tenant, quota)

        case .holdArmed(let hold, let tenant, let point):
            return holdArmed(hold, tenant, point)

        case .holdReleased(let hold):
            return holdReleased(hold)
        }
    }
}

extension Step {
    /// The event came late, or twice, or for something that is not there.
    static let ignored = Step(isRecorded: false)
}
