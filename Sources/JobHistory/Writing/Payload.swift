import Simulation

/// An event's kind and the JSON of the rest of it, without its moment and its job, which have columns of their own.
struct Payload {
    var kind: EventKind
    var json: String

    init(_ body: Event.Body) {
        kind = EventKind(body)
        json = JSONWriter.object { writer in
            switch body {
            case .platformStarted(let settings): writer.object("settings") { $0.fields(settings) }
            case .submitted(let tenant, let submission):
                writer.field("tenant", tenant)
                writer.object("submission") { $0.fields(submission) }
            case .launchFailed(_, let message), .preparationFailed(_, let message): writer.field("message", message)
            case .processExited(_, let exit): writer.object("exit") { $0.fields(exit) }
            case .holdArmed(let hold, let tenant, let point):
                writer.field("hold", hold)
                writer.field("tenant", tenant)
                writer.field("point", point.rawValue)
            case .holdReleased(let hold): writer.field("hold", hold)
            case .nodeChanged(let node, let condition):
                writer.field("node", node)
                writer.field("condition", condition.rawValue)
            case .quotaSet(let tenant, let quota):
                writer.field("tenant", tenant)
                if let quota { writer.object("quota") { $0.fields(quota) } }
            case .platformStopping, .cancelRequested, .processStarted, .nodeLost, .timerFired: break
            }
        }
    }
}

/// The kinds of events, as stored and shown.
public enum EventKind: String, Sendable, Hashable, CaseIterable {
    case platformStarted, platformStopping, submitted, cancelRequested, processStarted, launchFailed, processExited
    case nodeLost, graceEnded, holdArmed, holdReleased, preparationFailed, nodeChanged, quotaSet, timeLimitReached

    public init(_ body: Event.Body) {
        self =
            switch body {
            case .platformStarted: .platformStarted
            case .platformStopping: .platformStopping
            case .submitted: .submitted
            case .cancelRequested: .cancelRequested
            case .processStarted: .processStarted
            case .launchFailed: .launchFailed
            case .processExited: .processExited
            case .nodeLost: .nodeLost
            case .timerFired(.cancelGrace): .graceEnded
            case .holdArmed: .holdArmed
            case .holdReleased: .holdReleased
            case .preparationFailed: .preparationFailed
            case .nodeChanged: .nodeChanged
            case .quotaSet: .quotaSet
            case .timerFired(.timeLimit): .timeLimitReached
            }
    }
}

extension JSONWriter {
    mutating func fields(_ settings: Settings) {
        field("seed", settings.seed)
        field("nodes", settings.nodes)
        field("slots", settings.slots)
        object("capacity") { writer in
            writer.field("cpus", settings.capacity.cpus)
            writer.field("memoryGB", settings.capacity.memoryGB)
            writer.field("gpus", settings.capacity.gpus)
        }
        object("quota") { $0.fields(settings.quota) }
        field("cancelGraceSeconds", settings.cancelGraceSeconds)
    }

    mutating func fields(_ quota: Quota) {
        field("runningJobs", quota.runningJobs)
        field("cpuSeconds", quota.cpuSeconds)
        field("cost", quota.cost)
    }

    mutating func fields(_ submission: Submission) {
        field("code", submission.code)
        field("language", submission.language.rawValue)
        field("name", submission.name)
        object("resources") { $0.fields(submission.resources) }
        field("environment", submission.environment)
        field("dependencies", submission.dependencies)
        field("labels", submission.labels)
        field("retries", submission.retries)
        if let rate = submission.rate { object("rate") { $0.field("hourlyCost", rate.hourlyCost) } }
        field("idempotencyKey", submission.idempotencyKey)
    }

    mutating func fields(_ resources: Resources) {
        field("instanceType", resources.instanceType)
        field("gpuEnabled", resources.gpuEnabled)
        field("gpuCount", resources.gpuCount)
        field("memoryGB", resources.memoryGB)
        field("cpuCount", resources.cpuCount)
        field("diskSizeGB", resources.diskSizeGB)
        field("maxRuntimeHours", resources.maxRuntimeHours)
        field("autoShutdown", resources.autoShutdown)
        field("customParamsJSON", resources.customParamsJSON)
    }

    mutating func fields(_ exit: Exit) {
        field("code", exit.code)
        field("signal", exit.signal)
        field("bound", exit.bound?.rawValue)
        field("startedAt", exit.startedAt?.microseconds)
        field("endedAt", exit.endedAt?.microseconds)
        object("usage") { writer in
            writer.field("wallSeconds", exit.usage.wallSeconds)
            writer.field("cpuUserSeconds", exit.usage.cpuUserSeconds)
            writer.field("cpuSystemSeconds", exit.usage.cpuSystemSeconds)
            writer.field("maxRSSBytes", exit.usage.maxRSSBytes)
            writer.field("readBytes", exit.usage.readBytes)
            writer.field("writtenBytes", exit.usage.writtenBytes)
            writer.field("source", exit.usage.source)
            writer.field("unknown", exit.usage.unknown)
        }
    }
}
