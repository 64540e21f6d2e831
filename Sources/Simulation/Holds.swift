import HashTreeCollections

/// A request that a tenant's next job to reach a point stands still there. It catches one job at most.
public struct Hold: Sendable, Hashable {
    public var id: String
    public var tenant: String
    public var point: HoldPoint
    /// The job it caught; nil while it is armed.
    public internal(set) var job: String?
    /// Orders the holds by when they were armed.
    var number: Int64
}

/// The holds that are not over.
struct Holds: Sendable, Equatable {
    private(set) var byID: TreeDictionary<String, Hold> = [:]
    private var nextNumber: Int64 = 1

    var inOrder: [Hold] { byID.values.sorted { $0.number < $1.number } }

    /// False when there is a hold of that name already.
    mutating func arm(_ id: String, tenant: String, _ point: HoldPoint) -> Bool {
        guard byID[id] == nil else { return false }
        byID[id] = Hold(id: id, tenant: tenant, point: point, number: nextNumber)
        nextNumber += 1
        return true
    }

    /// Whether a hold now keeps this job at `point`: the one of its tenant that was armed first.
    mutating func catches(_ job: JobRecord, at point: HoldPoint) -> Bool {
        guard !byID.isEmpty else { return false }
        let fitting = byID.values.filter { $0.job == nil && $0.point == point && $0.tenant == job.tenant }
        guard let first = fitting.min(by: { $0.number < $1.number }) else { return false }
        byID[first.id]?.job = job.id
        return true
    }

    mutating func release(_ id: String) -> Hold? { byID.removeValue(forKey: id) }

    /// A job that ended is held no more.
    mutating func letGo(ofJob job: String) {
        guard !byID.isEmpty else { return }
        byID = byID.filter { $0.value.job != job }
    }

    func keepsGateClosed(of job: String) -> Bool {
        byID.values.contains { $0.job == job && $0.point == .running }
    }

    func keepsPending(_ job: String) -> Bool {
        byID.values.contains { $0.job == job && $0.point == .pending }
    }
}
