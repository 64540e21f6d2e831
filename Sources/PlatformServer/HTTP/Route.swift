import Hummingbird
import PlatformEngine

/// One operation of an API: how it is called, what it says of itself in `/openapi.json`, and what it does.
struct Route: Sendable {
    /// The operation's name, as in `operationId` and in the record of requests.
    var operation: String
    var method: HTTPRequest.Method
    /// Such as `/v1/jobs/{id}`. A last segment `{path...}` takes the rest of the path.
    var path: String
    var summary: String
    var needsToken = true
    var parameters: [Parameter] = []
    /// The name of the body's schema; nil when it takes none.
    var requestSchema: String?
    /// The most bytes of its body; a larger one is refused unread.
    var bodyLimitBytes = Int64(SubmissionReader.bodyLimitBytes)
    /// Whether its body is bytes, and not JSON.
    var takesBytes = false
    /// What a success looks like.
    var success: Success
    /// The errors that it may answer beside 401 and 500, by code.
    var errors: [PlatformError.Code] = []
    var handle: @Sendable (Call) async throws -> Answer

    struct Parameter: Sendable {
        enum Place: String, Sendable { case query, header }
        var name: String
        var place: Place = .query
        var description: String
        var schema: JSONValue = ["type": "string"]
    }

    enum Success: Sendable {
        case json(HTTPResponse.Status, schema: String)
        case text
        case bytes
    }
}

/// One request, on its way through a route.
struct Call: Sendable {
    var request: Request
    var context: PlatformContext
    /// Whose token it carries.
    var tenant: Tenant
    /// The path's parameters, percent-decoded.
    var parameters: [String: String]

    /// A parameter that the route's path names.
    func parameter(_ name: String) -> String {
        guard let value = parameters[name] else { preconditionFailure("the route's path has no {\(name)}") }
        return value
    }

    func header(_ name: String) -> String? {
        request.headers.first { $0.name.canonicalName == name }?.value
    }
}
