import Simulation
import Synchronization

/// One request as the platform saw it. Neither headers nor bodies are kept: they hold secrets.
public struct RequestRecord: Sendable, Hashable {
    /// 1, 2, 3… in the order in which the requests were answered.
    public var number: Int64
    public var at: Timestamp
    /// Nil where the token was missing or unknown.
    public var tenant: String?
    /// The route's name, such as `submitJob`; nil for a path that has none.
    public var operation: String?
    public var method: String
    /// With its query.
    public var path: String
    public var status: Int
    public var durationSeconds: Double
    /// How many jobs the answer listed; nil where it was no list of jobs.
    public var rows: Int?

    public init(
        number: Int64 = 0, at: Timestamp, tenant: String?, operation: String?, method: String, path: String, status: Int,
        durationSeconds: Double, rows: Int? = nil
    ) {
        self.number = number
        self.at = at
        self.tenant = tenant
        self.operation = operation
        self.method = method
        self.path = path
        self.status = status
        self.durationSeconds = durationSeconds
        self.rows = rows
    }
}

/// The last requests, of each tenant and of all, and how many there were.
public final class RequestLog: Sendable {
    /// How many are kept of each tenant, and of all.
    public static let limit = 1000

    private struct Content {
        var count: Int64 = 0
        var countByStatus: [Int: Int64] = [:]
        var all = Ring()
        var byTenant: [String: Ring] = [:]
    }

    private let content = Mutex(Content())

    init() {}

    public func add(_ request: RequestRecord) {
        content.withLock { content in
            content.count += 1
            var request = request
            request.number = content.count
            content.countByStatus[request.status, default: 0] += 1
            content.all.add(request)
            if let tenant = request.tenant { content.byTenant[tenant, default: Ring()].add(request) }
        }
    }

    /// Newest first; of one tenant, or of everybody, also of nobody.
    public func latest(_ limit: Int = limit, of tenant: Tenant? = nil) -> [RequestRecord] {
        let inOrder = content.withLock { content in
            guard let tenant else { return content.all.inOrder }
            return content.byTenant[tenant.name]?.inOrder ?? []
        }
        return inOrder.suffix(limit).reversed()
    }

    /// How many requests were answered with each status, by status.
    public var countByStatus: [(status: Int, count: Int64)] {
        content.withLock { $0.countByStatus }.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    func forget(_ tenant: Tenant) {
        content.withLock { $0.byTenant[tenant.name] = nil }
    }
}

/// The last so many requests.
private struct Ring {
    private var slots: [RequestRecord] = []
    private var oldest = 0

    mutating func add(_ request: RequestRecord) {
        guard slots.count == RequestLog.limit else {
            slots.append(request)
            return
        }
        slots[oldest] = request
        oldest = (oldest + 1) % slots.count
    }

    var inOrder: [RequestRecord] { Array(slots[oldest...] + slots[..<oldest]) }
}
