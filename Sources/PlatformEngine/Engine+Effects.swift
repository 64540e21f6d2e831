import JobExecution
import Simulation

// What the core wants done, done: the one switch over effects.
extension Engine {
    func carryOut(_ step: Step, after event: Event) {
        // Before anything else: it may be launched again on the same node.
        if case .nodeLost(let job) = event.body { forget(job, lostOn.removeValue(forKey: job)) }
        for effect in step.effects {
            switch effect {
            case .launch(let job, let node, let submission, let name, let gated):
                tell(.launch(job: job, submission, name: name, gated: gated), of: job, on: node)

            case .openGate(let job, let node):
                tell(.openGate(job: job), of: job, on: node)

            case .terminate(let job, let node):
                tell(.signal(job: job, .terminate), of: job, on: node)

            case .kill(let job, let node):
                tell(.signal(job: job, .kill), of: job, on: node)

            case .startTimer(let timer, let seconds):
                start(timer, seconds)

            case .stopTimer(let timer):
                timers.removeValue(forKey: timer)?.cancel()
            }
        }
        forgetEndedJob(of: event, step)
    }

    /// The history has the end of the job, so the node need not remember it.
    private func forgetEndedJob(of event: Event, _ step: Step) {
        switch event.body {
        case .processExited(let job, _), .launchFailed(let job, _), .preparationFailed(let job, _):
            // A job that ended is in the step; one whose end a hold keeps back is still live.
            forget(job, (step.changed.first { $0.id == job } ?? storedState.job(job))?.node)

        default: break
        }
    }

    private func forget(_ job: String, _ node: String?) {
        if let node { tell(.forget(job: job), of: job, on: node) }
        environments[job] = nil
    }

    func moveLanes() {
        for node in nodes { move(node) }
    }

    private func move(_ node: EngineNode) {
        switch node.lane.move(&interpreter) {
        case .none:
            break

        case .interpreter:
            Task {
                interpreter = .known(await PythonInterpreter.find(environment))
                moveLanes()
            }

        case .failed(let jobs):
            for (job, message) in jobs { note(.launchFailed(job: job, message: message)) }
        }
    }

    private func start(_ timer: Timer, _ seconds: Double) {
        timers[timer]?.cancel()
        // A job may ask for more time than a clock can count: nobody waits for the end of that.
        let seconds = min(max(0, seconds), Self.timerSecondsMax)
        timers[timer] = Task { [clock] in
            guard (try? await clock.sleep(seconds: seconds)) != nil else { return }
            fired(timer)
        }
    }

    /// 30 years.
    private static var timerSecondsMax: Double { 1e9 }

    private func fired(_ timer: Timer) {
        guard timers.removeValue(forKey: timer) != nil else { return }
        note(.timerFired(timer))
    }
}
