import PlatformEngine
import Simulation

/// The JSON schemas that `/openapi.json` refers to.
enum Schemas {
    static let all: [String: JSONValue] = [
        "Submission": submission, "ResourceConfig": resources, "Job": object(job), "JobResult": object(job.merging(result) { $1 }),
        "JobPage": object(["jobs": list(reference("Job")), "next_cursor": nullable("string")]),
        "JobEvents": object(["events": list(reference("Event"))]), "Event": event,
        "Cancellation": object(["cancelled": ["type": "boolean"]]), "User": object(["user": text]),
        "Health": object(["status": text]), "UsageTotals": object(totals), "Error": error, "OpenAPI": ["type": "object"],
        "StoredFile": object(file), "Deletion": object(["deleted": ["type": "boolean"]]),
        "FilePage": object(["files": list(object(file)), "next_cursor": nullable("string")]),
        "EndpointRequest": endpointRequest, "Endpoint": object(endpoint),
        "EndpointList": object(["endpoints": list(object(endpoint))]),
        "Requests": object(["requests": list(["type": "object"])]), "Nodes": object(["nodes": list(reference("Node"))]), "Node": object(node),
        "TenantChange": tenantChange, "Tenant": object(tenant.merging(["token": nullable("string")]) { $1 }),
        "Tenants": object(["tenants": list(object(tenant))]),
    ]

    private static let text: JSONValue = ["type": "string"]
    private static let time: JSONValue = ["type": ["string", "null"], "format": "date-time"]
    private static let strings: JSONValue = ["type": "object", "additionalProperties": ["type": "string"]]

    private static let submission: JSONValue = [
        "type": "object", "required": ["code"], "additionalProperties": false,
        "properties": [
            "code": text,
            "language": [
                "type": "string", "enum": .array(Submission.Language.allCases.map { .string($0.rawValue) }), "default": "python",
            ],
            "name": [
                "type": ["string", "null"], "minLength": 1, "maxLength": .int(Int64(SubmissionLimits.nameCharacters)),
            ],
            "resources": reference("ResourceConfig"), "environment": strings, "labels": strings,
            "dependencies": ["type": "array", "items": ["type": "string"]],
        ],
    ]

    private static let resources: JSONValue = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "instance_type": ["type": "string", "minLength": 1], "gpu_enabled": ["type": "boolean"],
            "gpu_count": ["type": "integer", "minimum": 0, "maximum": .int(SubmissionReader.gpuCountLimit)],
            "memory_gb": size(atLeast: SubmissionReader.memoryGBMin), "cpu_count": size(atLeast: SubmissionReader.cpuCountMin),
            "disk_size_gb": size, "max_runtime_hours": size,
            "auto_shutdown": ["type": "boolean"],
            "custom_params": [
                "type": "object",
                "properties": ["retries": ["type": "integer", "minimum": 0, "maximum": .int(SubmissionReader.retriesLimit)]],
            ],
        ],
    ]

    private static let size: JSONValue = ["type": ["number", "null"], "exclusiveMinimum": 0]

    private static func size(atLeast least: Double) -> JSONValue { ["type": ["number", "null"], "minimum": .double(least)] }

    private static let job: [String: JSONValue] = [
        "id": text, "name": text,
        "status": ["type": "string", "enum": .array(JobStatus.allCases.map { .string($0.rawValue) })],
        "created_at": ["type": "string", "format": "date-time"], "started_at": time, "finished_at": time,
        "exit_code": nullable("integer"), "signal": nullable("integer"),
        "error": ["type": ["object", "null"], "properties": ["code": text, "message": text]],
        "resources": reference("ResourceConfig"), "labels": strings, "node": nullable("string"),
        "usage": object([
            "wall_seconds": nullable("number"), "cpu_user_seconds": nullable("number"), "cpu_system_seconds": nullable("number"),
            "max_rss_bytes": nullable("integer"), "read_bytes": nullable("integer"), "written_bytes": nullable("integer"),
            "source": nullable("string"), "unknown": strings,
        ]),
        "cause": [
            "type": ["string", "null"], "enum": .array(ExitCause.allCases.map { .string($0.rawValue) } + [.null]),
        ],
        "attempt": ["type": "integer", "minimum": 1], "cost": nullable("number"),
        "billing": object([
            "currency": text, "gpu_hours": nullable("number"), "hourly_cost": nullable("number"),
            "simulated": ["type": "boolean"], "reason": nullable("string"),
        ]),
    ]

    private static let node: [String: JSONValue] = [
        "name": text, "condition": ["type": "string", "enum": .array(NodeCondition.allCases.map { .string($0.rawValue) })],
        "pid": nullable("integer"), "connected": ["type": "boolean"], "slots": ["type": "integer"], "running": ["type": "integer"],
        "queued": ["type": "integer"],
        "allocated": object(["cpus": ["type": "number"], "memory_gb": ["type": "number"], "gpus": ["type": "integer"]]),
        "capacity": object(["cpus": nullable("number"), "memory_gb": nullable("number"), "gpus": nullable("integer")]),
    ]

    private static let result: [String: JSONValue] = [
        "output": text, "output_truncated": ["type": "boolean"], "metrics": ["type": "object"],
        "metrics_skipped": ["type": "integer"], "artifacts": ["type": "array", "items": ["type": "string"]],
        "artifacts_truncated": ["type": "boolean"],
    ]

    private static let file: [String: JSONValue] = ["path": text, "size": ["type": "integer"]]

    private static let endpointRequest: JSONValue = [
        "type": "object", "required": ["name", "model_path"], "additionalProperties": false,
        "properties": [
            "name": ["type": "string", "pattern": .string("^[A-Za-z0-9_-]{1,\(EndpointRequest.nameCharactersMax)}$")], "model_path": text,
            "resources": reference("ResourceConfig"),
        ],
    ]

    private static let endpoint: [String: JSONValue] = [
        "name": text, "url": text, "model_path": text, "created_at": ["type": "string", "format": "date-time"],
        "status": ["type": "string", "enum": .array(Endpoint.Status.allCases.map { .string($0.rawValue) })], "error": nullable("string"),
        "resources": reference("ResourceConfig"),
    ]

    private static let event: JSONValue = object([
        "sequence": ["type": "integer"], "at": ["type": "string", "format": "date-time"], "event": text, "job": nullable("string"),
    ])

    private static let totals: [String: JSONValue] = [
        "jobs": ["type": "object", "additionalProperties": ["type": "integer"]], "wall_seconds": ["type": "number"],
        "cpu_seconds": ["type": "number"], "read_bytes": ["type": "integer"], "written_bytes": ["type": "integer"],
        "gpu_hours": ["type": "number"], "cost": ["type": "number"], "currency": text, "simulated": list(text),
    ]

    private static let amount: JSONValue = ["type": ["number", "null"], "minimum": 0]

    private static let quota: [String: JSONValue] = [
        "running_jobs": ["type": ["integer", "null"], "minimum": 0], "cpu_seconds": amount, "cost": amount,
    ]

    private static let tenantChange: JSONValue = [
        "type": "object", "additionalProperties": false,
        "properties": [
            "quota": ["type": ["object", "null"], "additionalProperties": false, "properties": .object(quota)]
        ],
    ]

    private static let tenant: [String: JSONValue] = [
        "name": text, "quota": object(quota),
        "used": object(["running_jobs": ["type": "integer"], "cpu_seconds": ["type": "number"], "cost": ["type": "number"]]),
    ]

    private static let error: JSONValue = object([
        "error": object([
            "code": ["type": "string", "enum": .array(PlatformError.Code.allCases.map { .string($0.rawValue) })], "message": text,
        ])
    ])

    /// An object whose fields are all there, always.
    private static func object(_ properties: [String: JSONValue]) -> JSONValue {
        [
            "type": "object", "required": .array(properties.keys.sorted().map { .string($0) }), "properties": .object(properties),
        ]
    }

    private static func list(_ items: JSONValue) -> JSONValue { ["type": "array", "items": items] }
    private static func nullable(_ type: String) -> JSONValue { ["type": [.string(type), "null"]] }
    private static func reference(_ schema: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(schema)")] }
}
