import PlatformEngine
import Simulation

/// What tells of jobs: one, a page of them, what happened to one.
extension NativeAPI {
    /// How many jobs a page of the list has at most.
    static let listLimit: Int64 = 1000
    static let listLimitDefault: Int64 = 50

    var jobRoutes: [Route] { [getJob, listJobs, jobEvents] }

    private var getJob: Route {
        Route(
            operation: "getJob", method: .get, path: "/v1/jobs/{id}", summary: "One job",
            success: .json(.ok, schema: "Job"), errors: [.notFound]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let record = try await engine.job(call.parameter("id"), tenant: call.tenant)
            return .object { json in json.jobFields(record) }
        }
    }

    private var listJobs: Route {
        Route(
            operation: "listJobs", method: .get, path: "/v1/jobs", summary: "The jobs, newest first",
            parameters: [
                .init(
                    name: "limit", description: "The most jobs of one page",
                    schema: [
                        "type": "integer", "minimum": 1, "maximum": .int(Self.listLimit), "default": .int(Self.listLimitDefault),
                    ]),
                .init(
                    name: "status", description: "Only jobs with this status",
                    schema: ["type": "string", "enum": .array(JobStatus.allCases.map { .string($0.rawValue) })]),
                .init(name: "name", description: "Only jobs of exactly this name"),
                .init(name: "cursor", description: "next_cursor of the page before"),
            ],
            success: .json(.ok, schema: "JobPage"), errors: [.invalid]
        ) { [engine] call in
            let query = try Query(call, allowed: ["limit", "status", "name", "cursor"])
            let page = try await engine.jobs(
                JobQuery(
                    limit: Int(try query.number("limit", in: 1...Self.listLimit) ?? Self.listLimitDefault),
                    status: try query.choice("status", JobStatus.self), name: query.text("name"),
                    before: try cursor(query)),
                tenant: call.tenant)
            var answer = Answer.object(capacity: 512 * (page.jobs.count + 1)) { json in
                json.key("jobs")
                json.array { json in for record in page.jobs { json.job(record) } }
                json.field("next_cursor", page.next.map { String($0) })
            }
            answer.rows = page.jobs.count
            return answer
        }
    }

    private var jobEvents: Route {
        Route(
            operation: "jobEvents", method: .get, path: "/v1/jobs/{id}/events", summary: "What happened to a job, in order",
            success: .json(.ok, schema: "JobEvents"), errors: [.notFound]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let events = try await engine.events(ofJob: call.parameter("id"), tenant: call.tenant)
            return .object { json in
                json.key("events")
                json.array { json in for event in events { json.event(event) } }
            }
        }
    }
}

private func cursor(_ query: Query) throws(PlatformError) -> Int64? {
    guard let text = query.text("cursor") else { return nil }
    guard let number = Int64(text), number > 0 else {
        throw .invalid("cursor: must be the next_cursor of a page before, not \"\(text)\"")
    }
    return number
}
