import JobExecution
import Simulation

// What the core wants done, done: the one switch over effects.
extension Engine {
    func carryOut(_ step: Step, after event: Event) {
        // Before all else: a job that was lost may be launched again at once, on the same node.
        forgetEndedJob(of: event)
        for effect in step.effects {
            switch effect {
            case .launch(let job, _, let submission, let name, let gated):
                tell(.launch(job: job, submission, name: name, gated: gated), of: job)

            case .openGate(let job, _):
                tell(.openGate(job: job), of: job)

            case .terminate(let job, _):
                tell(.signal(job: job, .terminate), of: job)

            case .kill(let job, _):
                tell(.signal(job: job, .kill), of: job)

            case .startTimer(let timer, let seconds):
                start(timer, seconds)

            case .stopTimer(let timer):
                timers.removeValue(forKey: timer)?.cancel()
            }
        }
    }

    /// The history has the end of the job, so the node need not remember it.
    private func forgetEndedJob(of event: Event) {
        switch event.body {
        case .processExited(let job, _), .launchFailed(let job, _), .preparationFailed(let job, _), .nodeLost(let job):
            tell(.forget(job: job), of: job)
            environments[job] = nil
        default: break
        }
    }

    func moveLane() {
        switch lane.move() {
        case .none:
            break

        case .interpreter:
            let environment = lane.environment
            Task {
                lane.interpreter = .known(await PythonInterpreter.find(environment))
                moveLane()
            }

        case .failed(let jobs):
            for (job, message) in jobs { note(.launchFailed(job: job, message: message)) }
        }
    }

    private func start(_ timer: Timer, _ seconds: Double) {
        timers[timer]?.cancel()
        timers[timer] = Task { [clock] in
            guard (try? await clock.sleep(seconds: seconds)) != nil else { return }
            fired(timer)
        }
    }

    private func fired(_ timer: Timer) {
        guard timers.removeValue(forKey: timer) != nil else { return }
        note(.timerFired(timer))
    }
}
