import Hummingbird
import NIOCore
import PlatformEngine

/// What a job wrote: logs, result, artifacts.
extension NativeAPI {
    var jobOutputRoutes: [Route] { [jobLogs, jobResult, jobArtifact] }

    private var jobLogs: Route {
        Route(
            operation: "jobLogs", method: .get, path: "/v1/jobs/{id}/logs",
            summary: "What the job wrote so far, an earlier answer is a prefix of a later one; or, followed, until its end",
            parameters: [
                .init(
                    name: "stream", description: "Which stream; combined has both",
                    schema: [
                        "type": "string", "enum": .array(LogStream.allCases.map { .string($0.rawValue) }), "default": "combined",
                    ]),
                .init(
                    name: "offset", description: "Bytes to leave out at the beginning",
                    schema: ["type": "integer", "minimum": 0, "default": 0]),
                .init(
                    name: "follow", description: "true: goes on with what comes, until the job has ended",
                    schema: ["type": "boolean", "default": false]),
            ],
            success: .text, errors: [.notFound, .invalid]
        ) { [engine] call in
            let query = try Query(call, allowed: ["stream", "offset", "follow"])
            let stream = try query.choice("stream", LogStream.self) ?? .combined
            let offset = try query.number("offset", in: 0...Int64.max) ?? 0
            if try query.flag("follow") ?? false {
                let presence = try await call.context.presence()
                let log = try await engine.followLog(
                    stream, ofJob: call.parameter("id"), tenant: call.tenant, offset: offset, isOver: { presence.isOver })
                return Answer(contentType: Answer.text, body: ResponseBody(log, presence))
            }
            let log = try await engine.log(stream, ofJob: call.parameter("id"), tenant: call.tenant, offset: offset)
            return Answer(contentType: Answer.text, body: ResponseBody(log))
        }
    }

    private var jobResult: Route {
        Route(
            operation: "jobResult", method: .get, path: "/v1/jobs/{id}/result",
            summary: "The job with its output, metrics and artifacts; 409 before its end",
            success: .json(.ok, schema: "JobResult"), errors: [.notFound, .conflict]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let result = try await engine.result(ofJob: call.parameter("id"), tenant: call.tenant)
            return .object(capacity: 1024 + result.output.utf8.count) { json in
                json.jobFields(result.job)
                json.field("output", result.output)
                json.field("output_truncated", result.isOutputTruncated)
                json.key("metrics")
                json.object { json in
                    for (name, value) in result.metrics.sorted(by: { $0.key < $1.key }) {
                        json.key(name)
                        json.metric(value)
                    }
                }
                json.field("metrics_skipped", result.metricsSkipped)
                json.key("artifacts")
                json.array { json in for path in result.artifacts { json.value(path) } }
                json.field("artifacts_truncated", result.areArtifactsTruncated)
            }
        }
    }

    private var jobArtifact: Route {
        Route(
            operation: "jobArtifact", method: .get, path: "/v1/jobs/{id}/artifacts/{path...}",
            summary: "A file that the job left in its artifacts folder, or a range of it", parameters: [.range], success: .bytes,
            errors: [.notFound, .rangeNotSatisfiable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let file = try await engine.artifact(call.parameter("path"), ofJob: call.parameter("id"), tenant: call.tenant)
            return .file(file, to: call)
        }
    }
}

extension JSONWriter {
    fileprivate mutating func metric(_ value: MetricValue) {
        switch value {
        case .int(let value): self.value(value)
        case .double(let value): self.value(value)
        case .flag(let value): self.value(value)
        case .text(let value): self.value(value)
        }
    }
}

extension ResponseBody {
    /// What a job writes, sent as it comes.
    init(_ log: LogFollower, _ presence: ClientPresence) {
        self.init { writer in
            var log = log
            while let parts = try await log.next() {
                for part in parts { try await writer.write(ByteBuffer(bytes: part)) }
            }
            // Broken off, it must not look as if it had come to its end.
            if presence.isOver { throw CancellationError() }
            try await writer.finish(nil)
        }
    }

    /// The bytes of files, read part by part while they are sent.
    init(_ source: FileParts) {
        guard source.length > FileParts.partBytes else {
            self.init(byteBuffer: ByteBuffer(bytes: source.all()))
            return
        }
        self.init(contentLength: Int(source.length)) { writer in
            for part in source { try await writer.write(ByteBuffer(bytes: part)) }
            try await writer.finish(nil)
        }
    }
}
