import PlatformEngine
import Simulation

/// What ran, in sum.
extension NativeAPI {
    var usageRoutes: [Route] { [usage] }

    private var usage: Route {
        Route(
            operation: "usage", method: .get, path: "/v1/usage",
            summary: "What ran: jobs by status, seconds, bytes, GPU-hours and cost of those that ended",
            success: .json(.ok, schema: "UsageTotals")
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let usage = engine.usage(tenant: call.tenant)
            return .object { json in
                json.key("jobs")
                json.object { json in
                    for status in JobStatus.allCases { json.field(status.rawValue, usage.count(of: status)) }
                }
                json.field("wall_seconds", usage.account.wallSeconds)
                json.field("cpu_seconds", usage.account.cpuSeconds)
                json.field("read_bytes", usage.account.readBytes)
                json.field("written_bytes", usage.account.writtenBytes)
                json.field("gpu_hours", usage.account.gpuHours)
                json.field("cost", usage.account.cost)
                json.field("currency", Billing.currency)
                json.key("simulated")
                json.array { json in
                    json.value("gpu_hours")
                    json.value("cost")
                }
            }
        }
    }
}
