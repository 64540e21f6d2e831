import Simulation

/// One recorded event, with what it came to.
public struct StoredStep: Sendable, Hashable {
    public var event: Event
    /// The job that the event is about; nil for the platform's own and for holds.
    public var job: String?
    /// The records after the event, those of `launched` among them.
    public var changed: [JobRecord]
    /// The jobs whose launch the event led to, and whether with a gate.
    public var launched: [Launched]

    public struct Launched: Sendable, Hashable {
        public var job: String
        public var gated: Bool

        public init(job: String, gated: Bool) {
            self.job = job
            self.gated = gated
        }
    }

    public init(event: Event, job: String?, changed: [JobRecord], launched: [Launched]) {
        self.event = event
        self.job = job
        self.changed = changed
        self.launched = launched
    }

    /// The job that lost its node and waits for another run. It is launched no more, unless this step launches it again.
    var requeued: String? {
        guard case .nodeLost(let job) = event.body, let record = changed.last(where: { $0.id == job }), !record.status.isTerminal
        else { return nil }
        return job
    }

    /// What the reducer answered to this event.
    public init(_ event: Event, _ step: Step) {
        var job = event.body.job
        if case .accepted(let record) = step.answer { job = record.id }
        let launched: [Launched] = step.effects.compactMap { effect in
            guard case .launch(let job, _, _, _, let gated) = effect else { return nil }
            return Launched(job: job, gated: gated)
        }
        self.init(event: event, job: job, changed: step.changed, launched: launched)
    }
}

extension Event.Body {
    /// The job it names.
    fileprivate var job: String? {
        switch self {
        case .cancelRequested(let job), .processStarted(let job), .nodeLost(let job): job
        case .launchFailed(let job, _), .preparationFailed(let job, _): job
        case .processExited(let job, _): job
        case .timerFired(.cancelGrace(let job)), .timerFired(.timeLimit(let job)): job
        case .platformStarted, .platformStopping, .submitted, .holdArmed, .holdReleased, .nodeChanged, .quotaSet: nil
        }
    }
}
