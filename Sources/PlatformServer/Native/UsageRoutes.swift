import Simulation

/// What ran, in sum.
extension NativeAPI {
    var usageRoutes: [Route] { [usage] }

    private var usage: Route {
        Route(
            operation: "usage", method: .get, path: "/v1/usage", summary: "What ran: jobs by status, seconds and bytes in sum",
            success: .json(.ok, schema: "UsageTotals")
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let totals = try await engine.usage(tenant: call.tenant)
            return .object { json in
                json.key("jobs")
                json.object { json in
                    for status in JobStatus.allCases { json.field(status.rawValue, totals.jobsByStatus[status] ?? 0) }
                }
                json.field("wall_seconds", totals.wallSeconds)
                json.field("cpu_seconds", totals.cpuSeconds)
                json.field("read_bytes", totals.readBytes)
                json.field("written_bytes", totals.writtenBytes)
                // GPU-hours and cost come with the instance catalogue; until then they are not known.
                json.field("gpu_hours", nil as Double?)
                json.key("cost")
                json.null()
            }
        }
    }
}
