import PlatformEngine

/// What only the platform's owner may see, on a port and with a token of its own.
struct AdminAPI: Sendable {
    static let pageLimit: Int64 = 1000

    let engine: Engine

    var routes: [Route] { [.healthz, requests, history, metrics] + nodeRoutes + tenantRoutes }

    private var requests: Route {
        Route(
            operation: "adminRequests", method: .get, path: "/admin/requests", summary: "What came in, newest first",
            parameters: [
                .init(name: "limit", description: "The most requests", schema: Self.limitSchema),
                .init(name: "tenant", description: "Only this tenant's"),
            ],
            success: .json(.ok, schema: "Requests"), errors: [.invalid]
        ) { [engine] call in
            let query = try Query(call, allowed: ["limit", "tenant"])
            let limit = Int(try query.number("limit", in: 1...Self.pageLimit) ?? Self.pageLimit)
            let records = engine.requests.latest(limit, of: query.text("tenant").map { Tenant(name: $0) })
            return .object(capacity: 256 * (records.count + 1)) { json in
                json.key("requests")
                json.array { json in for record in records { json.request(record) } }
            }
        }
    }

    private var history: Route {
        Route(
            operation: "adminHistory", method: .get, path: "/admin/history", summary: "The log of events, oldest first",
            parameters: [
                .init(
                    name: "after", description: "Only events with a higher sequence number",
                    schema: ["type": "integer", "minimum": 0, "default": 0]),
                .init(name: "limit", description: "The most events", schema: Self.limitSchema),
            ],
            success: .json(.ok, schema: "JobEvents"), errors: [.invalid]
        ) { [engine] call in
            let query = try Query(call, allowed: ["after", "limit"])
            let events = try await engine.events(
                after: try query.number("after", in: 0...Int64.max) ?? 0,
                limit: Int(try query.number("limit", in: 1...Self.pageLimit) ?? Self.pageLimit))
            return .object(capacity: 128 * (events.count + 1)) { json in
                json.key("events")
                json.array { json in for event in events { json.event(event) } }
            }
        }
    }

    private static let limitSchema: JSONValue = [
        "type": "integer", "minimum": 1, "maximum": .int(pageLimit), "default": .int(pageLimit),
    ]
}

extension JSONWriter {
    fileprivate mutating func request(_ record: RequestRecord) {
        object { json in
            json.field("number", record.number)
            json.field("at", record.at)
            json.field("tenant", record.tenant)
            json.field("operation", record.operation)
            json.field("method", record.method)
            json.field("path", record.path)
            json.field("status", record.status)
            json.field("duration_seconds", record.durationSeconds)
        }
    }
}
