import PlatformEngine
import Simulation

/// Models that answer on a URL of their own.
extension NativeAPI {
    private static let bodyLimitBytes = 1024 * 1024

    var endpointRoutes: [Route] { [createEndpoint, listEndpoints, getEndpoint, deleteEndpoint] }

    private var createEndpoint: Route {
        Route(
            operation: "createEndpoint", method: .post, path: "/v1/endpoints",
            summary: "Serve a model: a folder with model.py, which defines predict(payload); answered once it answers",
            requestSchema: "EndpointRequest", success: .json(.created, schema: "Endpoint"),
            errors: [.invalid, .tooLarge, .conflict, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let request = try request(try await call.json(limit: Self.bodyLimitBytes))
            let endpoint = try await engine.endpoints.create(request, tenant: call.tenant)
            return .object(.created) { json in json.endpointFields(endpoint) }
        }
    }

    private var listEndpoints: Route {
        Route(
            operation: "listEndpoints", method: .get, path: "/v1/endpoints", summary: "The served models, by name",
            success: .json(.ok, schema: "EndpointList")
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let endpoints = await engine.endpoints.endpoints(of: call.tenant)
            return .object { json in
                json.key("endpoints")
                json.array { json in
                    for endpoint in endpoints { json.object { json in json.endpointFields(endpoint) } }
                }
            }
        }
    }

    private var getEndpoint: Route {
        Route(
            operation: "getEndpoint", method: .get, path: "/v1/endpoints/{name}", summary: "One served model",
            success: .json(.ok, schema: "Endpoint"), errors: [.notFound]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            let endpoint = try await engine.endpoints.endpoint(call.parameter("name"), tenant: call.tenant)
            return .object { json in json.endpointFields(endpoint) }
        }
    }

    private var deleteEndpoint: Route {
        Route(
            operation: "deleteEndpoint", method: .delete, path: "/v1/endpoints/{name}",
            summary: "End a served model; its URL refuses connections from then on",
            success: .json(.ok, schema: "Deletion"), errors: [.notFound, .unavailable]
        ) { [engine] call in
            _ = try Query(call, allowed: [])
            try await engine.endpoints.delete(call.parameter("name"), tenant: call.tenant)
            return .object { json in json.field("deleted", true) }
        }
    }
}

private func request(_ body: JSONValue) throws(PlatformError) -> EndpointRequest {
    let reader = try ObjectReader(body, known: ["name", "model_path", "resources"])
    guard let name = try reader.string("name") else { throw .invalid("name: is missing; it must be a string") }
    guard let path = try reader.string("model_path") else {
        throw .invalid("model_path: is missing; it must be a string, a folder with model.py")
    }
    let resources = try reader.value("resources").map { value throws(PlatformError) in try SubmissionReader.resources(value) }
    return try EndpointRequest(name: name, modelPath: path, resources: resources ?? Resources())
}

extension JSONWriter {
    fileprivate mutating func endpointFields(_ endpoint: Endpoint) {
        field("name", endpoint.name)
        field("url", endpoint.url)
        field("status", endpoint.status.rawValue)
        field("model_path", endpoint.modelPath)
        field("created_at", endpoint.createdAt)
        field("error", endpoint.reason)
        key("resources")
        resources(endpoint.resources)
    }
}
