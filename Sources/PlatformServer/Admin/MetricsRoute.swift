import Hummingbird
import NIOCore
import Simulation

extension AdminAPI {
    /// The Prometheus text format: https://prometheus.io/docs/instrumenting/exposition_formats/
    var metrics: Route {
        Route(operation: "metrics", method: .get, path: "/metrics", summary: "Figures for Prometheus", success: .text) { [engine] call in
            _ = try Query(call, allowed: [])
            let totals = engine.usageOfAll()
            let nodes = await engine.nodeInformation()
            var text = PrometheusText()
            text.family(
                "windtunnel_jobs", "gauge", "Jobs in the history by status.",
                JobStatus.allCases.map { ("status=\"\($0.rawValue)\"", "\(totals.count(of: $0))") })
            text.family("windtunnel_queue_length", "gauge", "Jobs that wait for a slot.", [("", "\(engine.queuedCount)")])
            text.family(
                "windtunnel_node_up", "gauge", "Whether a node takes jobs.",
                nodes.map { ("node=\"\($0.name)\"", $0.condition == .up ? "1" : "0") })
            text.family(
                "windtunnel_node_slots", "gauge", "How many jobs a node may run at once.",
                nodes.map { ("node=\"\($0.name)\"", "\($0.slots)") })
            text.family(
                "windtunnel_node_running", "gauge", "How many jobs a node runs.",
                nodes.map { ("node=\"\($0.name)\"", "\($0.running)") })
            text.family(
                "windtunnel_node_queued", "gauge", "How many jobs wait at a node for a slot of it.",
                nodes.map { ("node=\"\($0.name)\"", "\($0.queued)") })
            text.family(
                "windtunnel_requests_total", "counter", "Requests answered by status.",
                engine.requests.countByStatus.map { ("status=\"\($0.status)\"", "\($0.count)") })
            return Answer(
                contentType: "text/plain; version=0.0.4; charset=utf-8",
                body: ResponseBody(byteBuffer: ByteBuffer(string: text.text)))
        }
    }
}

private struct PrometheusText {
    private(set) var text = ""

    /// - Parameter samples: labels as they stand between the braces, and the value.
    mutating func family(_ name: String, _ type: String, _ help: String, _ samples: [(labels: String, value: String)]) {
        text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
        for sample in samples {
            text += name + (sample.labels.isEmpty ? "" : "{\(sample.labels)}") + " \(sample.value)\n"
        }
    }
}
