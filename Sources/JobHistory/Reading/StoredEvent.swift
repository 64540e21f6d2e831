import GRDB
import Simulation

/// An event as the log keeps it.
public struct StoredEvent: Sendable, Hashable {
    /// 1, 2, 3… in the order of the log, without gaps but for what was pruned.
    public var seq: Int64
    /// The job it is about; nil for the platform's own and for holds.
    public var job: String?
    public var kind: EventKind
    public var event: Event
    /// The JSON object that is stored with it.
    public var payload: String
}

extension StoredEvent: FetchableRecord {
    static let columns = "seq, at, job, kind, payload"

    public init(row: Row) throws {
        let kindText: String = row[3]
        seq = row[0]
        job = row[2]
        payload = row[4]
        guard let kind = EventKind(rawValue: kindText) else { throw UnreadableValue("event \(seq), its kind", kindText) }
        self.kind = kind
        let what = "event \(seq), its payload"
        event = Event(at: Timestamp(microseconds: row[1]), try body(kind, job, payload, what))
    }
}

private func body(_ kind: EventKind, _ job: String?, _ payload: String, _ what: String) throws -> Event.Body {
    func read<T: Decodable>(_ type: T.Type) throws -> T { try decodeJSON(type, payload, what) }
    let job = job ?? ""
    switch kind {
    case .platformStarted: return .platformStarted(try read(PlatformStarted.self).settings)
    case .platformStopping: return .platformStopping
    case .submitted:
        let submitted = try read(Submitted.self)
        return .submitted(tenant: submitted.tenant, submitted.submission)
    case .cancelRequested: return .cancelRequested(job: job)
    case .processStarted: return .processStarted(job: job)
    case .launchFailed: return .launchFailed(job: job, message: try read(Failed.self).message)
    case .preparationFailed: return .preparationFailed(job: job, message: try read(Failed.self).message)
    case .processExited: return .processExited(job: job, try read(ProcessExited.self).exit)
    case .nodeLost: return .nodeLost(job: job)
    case .graceEnded: return .timerFired(.cancelGrace(job: job))
    case .timeLimitReached: return .timerFired(.timeLimit(job: job))
    case .nodeChanged:
        let changed = try read(NodeChanged.self)
        return .nodeChanged(node: changed.node, changed.condition)
    case .quotaSet:
        let set = try read(QuotaSet.self)
        return .quotaSet(tenant: set.tenant, set.quota)
    case .holdArmed:
        let armed = try read(HoldArmed.self)
        return .holdArmed(hold: armed.hold, tenant: armed.tenant, armed.point)
    case .holdReleased: return .holdReleased(hold: try read(HoldReleased.self).hold)
    }
}

private struct PlatformStarted: Decodable { var settings: Settings }

private struct Submitted: Decodable {
    var tenant: String
    var submission: Submission
}

private struct Failed: Decodable { var message: String }

private struct ProcessExited: Decodable { var exit: Exit }

private struct NodeChanged: Decodable {
    var node: String
    var condition: NodeCondition
}

private struct QuotaSet: Decodable {
    var tenant: String
    var quota: Quota?
}

private struct HoldArmed: Decodable {
    var hold: String
    var tenant: String
    var point: HoldPoint
}

private struct HoldReleased: Decodable { var hold: String }
