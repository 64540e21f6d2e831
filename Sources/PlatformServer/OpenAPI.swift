import Hummingbird
import PlatformEngine
import Simulation

/// `/openapi.json`, made from the route table: what is not in the one is not in the other.
enum OpenAPI {
    /// The route that shows `routes` and itself.
    static func route(title: String, showing routes: [Route]) -> Route {
        let placeholder = Route(
            operation: "openapi", method: .get, path: "/openapi.json", summary: "This description", needsToken: false,
            success: .json(.ok, schema: "OpenAPI")
        ) { _ in .object { _ in } }
        let document = document(title: title, routes: routes + [placeholder])
        var route = placeholder
        route.handle = { _ in
            var json = JSONWriter(capacity: 16 * 1024)
            json.value(document)
            return Answer(json: json.buffer)
        }
        return route
    }

    static func document(title: String, routes: [Route]) -> JSONValue {
        var paths: [String: JSONValue] = [:]
        for route in routes {
            let path = route.path.replacing("...}", with: "}")
            var operations: [String: JSONValue] = [:]
            if case .object(let known) = paths[path] { operations = known }
            operations[route.method.rawValue.lowercased()] = operation(route)
            paths[path] = .object(operations)
        }
        return [
            "openapi": "3.1.0",
            "info": ["title": .string(title), "version": "1"],
            "paths": .object(paths),
            "components": [
                "schemas": .object(Schemas.all),
                "securitySchemes": ["token": ["type": "http", "scheme": "bearer"]],
            ],
        ]
    }

    private static func operation(_ route: Route) -> JSONValue {
        var fields: [String: JSONValue] = [
            "operationId": .string(route.operation), "summary": .string(route.summary), "responses": responses(route),
            "security": route.needsToken ? [["token": []]] : [],
        ]
        let parameters = pathParameters(route) + route.parameters.map(parameter)
        if !parameters.isEmpty { fields["parameters"] = .array(parameters) }
        if let schema = route.requestSchema {
            fields["requestBody"] = ["required": true, "content": ["application/json": ["schema": reference(schema)]]]
        }
        if route.takesBytes { fields["requestBody"] = ["required": true, "content": ["application/octet-stream": [:]]] }
        return .object(fields)
    }

    private static func pathParameters(_ route: Route) -> [JSONValue] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { segment in
            let name = segment.dropFirst().dropLast().replacing("...", with: "")
            return ["name": .string(String(name)), "in": "path", "required": true, "schema": ["type": "string"]]
        }
    }

    private static func parameter(_ parameter: Route.Parameter) -> JSONValue {
        [
            "name": .string(parameter.name), "in": .string(parameter.place.rawValue), "required": false,
            "description": .string(parameter.description), "schema": parameter.schema,
        ]
    }

    private static func responses(_ route: Route) -> JSONValue {
        var responses: [String: JSONValue] = [:]
        switch route.success {
        case .json(let status, let schema):
            responses["\(status.code)"] = answer("It is so", "application/json", reference(schema))
        case .text:
            responses["200"] = answer("The text", "text/plain", ["type": "string"])
        case .bytes:
            responses["200"] = answer("The bytes", "application/octet-stream", [:])
        }
        let errors = route.errors + (route.needsToken ? [.unauthenticated] : [])
        for code in errors { responses["\(code.status)"] = answer(code.rawValue, "application/json", reference("Error")) }
        return .object(responses)
    }

    private static func answer(_ description: String, _ type: String, _ schema: JSONValue) -> JSONValue {
        ["description": .string(description), "content": .object([type: ["schema": schema]])]
    }

    private static func reference(_ schema: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(schema)")] }
}
