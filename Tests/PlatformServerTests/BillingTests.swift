import PlatformEngine
import Simulation
import Testing

@Suite("What a job costs")
struct BillingTests {
    @Test("a job costs its time at the hourly price of its instance type, marked as simulated; usage sums it")
    func cost() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit(
                "true", extra: ["resources": ["instance_type": "p3.2xlarge", "gpu_enabled": true, "gpu_count": 1]])
            let job = try await platform.ended(id)
            #expect(job.string("cause") == "exit")
            #expect(job.int("attempt") == 1)
            #expect(job["billing.hourly_cost"] as? Double == 3.06)
            #expect(job["billing.simulated"] as? Bool == true)
            #expect(job.string("billing.currency") == "USD")
            #expect(job["billing.reason"] == nil)
            let hours = try #require(job["usage.wall_seconds"] as? Double) / 3600
            let cost = try #require(job["cost"] as? Double)
            #expect(abs(cost - hours * 3.06) < 1e-9)
            #expect(abs(try #require(job["billing.gpu_hours"] as? Double) - hours) < 1e-9)
            let usage = try await platform.get("/v1/usage")
            #expect(abs(try #require(usage["cost"] as? Double) - cost) < 1e-9)
            #expect(usage["simulated"] as? [String] == ["gpu_hours", "cost"])
        }
    }

    @Test("usage is the same after a restart, and quotas go on with what was used before")
    func restart() async throws {
        let folder = TemporaryFolder()
        var before = ""
        try await TestPlatform.run(in: folder) { platform in
            _ = try await platform.ended(try await platform.submit("true"))
            _ = try await platform.ended(try await platform.submit("exit 3"))
            before = try await platform.get("/v1/usage").text
        }
        try await TestPlatform.run(in: folder) { platform in
            #expect(try await platform.get("/v1/usage").text == before)
            try await platform.engine.setQuota(Quota(cost: 1e-12), of: platform.tenant)
            let refused = try await platform.post("/v1/jobs", #"{"code": "1"}"#)
            #expect(refused.status == 429)
            #expect(refused.string("error.message")?.hasPrefix("quota cost: ") == true, "\(refused.text)")
        }
    }

    @Test("the cost of an unknown instance type is null, with the reason; so is one that is not known yet")
    func unknown() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("exec sleep 600", extra: ["resources": ["instance_type": "abacus"]])
            let known = try await platform.submit("exec sleep 600")
            #expect(try await platform.get("/v1/jobs/\(known)").string("billing.reason") == "the job has not ended")
            _ = try await platform.post("/v1/jobs/\(id)/cancel")
            let job = try await platform.ended(id)
            #expect(job["cost"] == nil)
            #expect(job.string("billing.reason") == "the catalogue of instance types has no \"abacus\"")
        }
    }

    @Test("a job that runs longer than it may is ended, and its error names the limit and the value")
    func timeLimit() async throws {
        try await TestPlatform.run { platform in
            let id = try await platform.submit("exec sleep 600", extra: ["resources": ["max_runtime_hours": 0.0001]])
            let job = try await platform.ended(id)
            #expect(job.string("status") == "failed")
            #expect(job.string("cause") == "time_limit")
            #expect(job.string("error.message") == "max_runtime_hours: ran longer than 0.0001 h (0.36 s)")
        }
    }

    @Test("how often a job may be run again is a whole number from 0 to 10", arguments: ["-1", "11", "1.5", "\"2\"", "true"])
    func retries(value: String) async throws {
        try await TestPlatform.run { platform in
            let answer = try await platform.post("/v1/jobs", #"{"code": "1", "resources": {"custom_params": {"retries": \#(value)}}}"#)
            #expect(answer.status == 422)
            #expect(answer.string("error.message") == "resources.custom_params.retries: must be a whole number from 0 to 10")
            let good = try await platform.submit("true", extra: ["resources": ["custom_params": ["retries": 10]]])
            #expect(try await platform.ended(good).string("status") == "succeeded")
        }
    }
}
