import Foundation
import NativeClient
import PlatformEngine
import PlatformServer
import Simulation
import Testing

@Suite("Nodes over HTTP", .timeLimit(.minutes(5)))
struct NodeRoutesTests {
    @Test("an administrator sees the nodes, and drains, pauses, resumes and kills them")
    func administration() async throws {
        try await TestPlatform.run(nodes: 2, slots: 1, capacity: Capacity(cpus: 4, memoryGB: 8)) { platform in
            let admin = try NativeClient(endpoint: platform.server.adminEndpoint, token: platform.server.adminToken)
            defer { admin.close() }
            func call(_ method: String, _ path: String) async throws -> JSON { JSON(try await admin.request(method, "/admin/nodes" + path)) }

            let job = try await platform.submit("sleep 600", extra: ["resources": ["cpu_count": 1.5]])
            await platform.waitUntil(job, is: .running)
            let listed = try #require(try await call("GET", "")["nodes"] as? [[String: Any]])
            #expect(listed.map { $0["name"] as? String } == ["node-1", "node-2"])
            let first = try #require(listed.first)
            #expect(
                Set(first.keys) == ["name", "condition", "pid", "connected", "slots", "running", "queued", "allocated", "capacity"])
            #expect(first["condition"] as? String == "up" && first["connected"] as? Bool == true && first["slots"] as? Int == 1)
            #expect(listed.map { $0["running"] as? Int } == [1, 0])
            #expect((first["allocated"] as? [String: Any])?["cpus"] as? Double == 1.5)
            let capacity = first["capacity"] as? [String: Any]
            #expect(capacity?["cpus"] as? Double == 4 && capacity?["memory_gb"] as? Double == 8 && capacity?["gpus"] is NSNull)

            for (verb, condition) in [("drain", "draining"), ("undrain", "up"), ("pause", "paused"), ("resume", "up"), ("kill", "down")] {
                let answer = try await call("POST", "/node-1/\(verb)")
                #expect(answer.status == 200 && answer.string("name") == "node-1" && answer.string("condition") == condition, "\(verb)")
            }
            let lost = try await platform.ended(job)
            #expect(lost.string("error.code") == "node_lost")
            for figure in ["wall_seconds", "cpu_user_seconds", "cpu_system_seconds", "max_rss_bytes", "read_bytes", "written_bytes"] {
                #expect(lost["usage.\(figure)"] == nil && lost.string("usage.unknown.\(figure)") == "lost with its node")
            }

            let unknown = try await call("POST", "/node-7/kill")
            #expect(unknown.status == 404)
            #expect(unknown.string("error.message") == "there is no node \"node-7\"; there are node-1, node-2")
            let impossible = try await call("POST", "/node-2/resume")
            #expect(impossible.status == 409 && impossible.string("error.code") == "conflict")
            #expect(impossible.string("error.message") == "node-2 is up: there is nothing to resume")
            #expect(try await call("GET", "/node-1/kill").status == 405)
        }
    }

    @Test("the figures for Prometheus tell of each node")
    func metrics() async throws {
        try await TestPlatform.run(nodes: 2, slots: 1) { platform in
            let admin = try NativeClient(endpoint: platform.server.adminEndpoint, token: platform.server.adminToken)
            defer { admin.close() }
            let job = try await platform.submit("sleep 600")
            await platform.waitUntil(job, is: .running)
            _ = try await admin.request("POST", "/admin/nodes/node-2/drain")
            let lines = try await admin.request("GET", "/metrics").text.split(separator: "\n").map(String.init)
            for line in [
                "windtunnel_node_up{node=\"node-1\"} 1", "windtunnel_node_up{node=\"node-2\"} 0", "windtunnel_node_slots{node=\"node-2\"} 1",
                "windtunnel_node_running{node=\"node-1\"} 1", "windtunnel_node_running{node=\"node-2\"} 0",
                "windtunnel_node_queued{node=\"node-1\"} 0",
            ] { #expect(lines.contains(line), "\(line)") }
        }
    }
}
