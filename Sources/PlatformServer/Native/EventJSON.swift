import JobHistory
import Simulation

/// An event of the history as the APIs show it: never a program's code, nor its environment.
extension JSONWriter {
    mutating func event(_ event: StoredEvent) {
        object { json in
            json.field("sequence", event.seq)
            json.field("at", event.event.at)
            json.field("event", event.event.body.name)
            json.field("job", event.job)
            json.details(of: event.event.body)
        }
    }

    mutating func details(of body: Event.Body) {
        switch body {
        case .platformStarted(let settings):
            field("nodes", settings.nodes)
            field("slots", settings.slots)

        case .launchFailed(_, let message), .preparationFailed(_, let message):
            field("message", message)

        case .processExited(_, let exit):
            field("exit_code", exit.code)
            field("signal", exit.signal)
            field("bound", exit.bound?.rawValue)

        case .holdArmed(let hold, _, let point):
            field("hold", hold)
            field("point", point.rawValue)

        case .nodeChanged(let node, let condition):
            field("node", node)
            field("condition", condition.rawValue)

        case .holdReleased(let hold):
            field("hold", hold)

        case .platformStopping, .submitted, .cancelRequested, .processStarted, .nodeLost, .timerFired, .quotaSet:
            break
        }
    }
}

extension Event.Body {
    /// The event's name in the APIs.
    var name: String {
        switch self {
        case .platformStarted: "platform_started"
        case .platformStopping: "platform_stopping"
        case .submitted: "submitted"
        case .cancelRequested: "cancel_requested"
        case .processStarted: "process_started"
        case .launchFailed: "launch_failed"
        case .processExited: "process_exited"
        case .nodeLost: "node_lost"
        case .timerFired(.cancelGrace): "grace_ended"
        case .timerFired(.timeLimit): "time_limit_reached"
        case .preparationFailed: "preparation_failed"
        case .nodeChanged: "node_changed"
        case .quotaSet: "quota_set"
        case .holdArmed: "hold_armed"
        case .holdReleased: "hold_released"
        }
    }
}
