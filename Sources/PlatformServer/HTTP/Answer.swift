import Hummingbird
import NIOCore
import PlatformEngine

/// What a route answers.
struct Answer: Sendable {
    var status: HTTPResponse.Status = .ok
    var contentType = Self.json
    var headers: HTTPFields = [:]
    var body: ResponseBody
    /// The body where it is there at once, as it is for JSON.
    private(set) var text: ByteBuffer?
    /// How many jobs it lists, for the record of requests; nil where it is no list of jobs.
    var rows: Int?

    init(status: HTTPResponse.Status = .ok, contentType: String, body: ResponseBody) {
        self.status = status
        self.contentType = contentType
        self.body = body
    }

    init(status: HTTPResponse.Status = .ok, json: ByteBuffer) {
        self.status = status
        body = ResponseBody(byteBuffer: json)
        text = json
    }

    static let json = "application/json; charset=utf-8"
    static let text = "text/plain; charset=utf-8"

    /// A JSON object.
    static func object(
        _ status: HTTPResponse.Status = .ok, capacity: Int = 1024, _ fields: (inout JSONWriter) -> Void
    ) -> Answer {
        var json = JSONWriter(capacity: capacity)
        json.object(fields)
        return Answer(status: status, json: json.buffer)
    }

    /// An error in the API's one form.
    static func error(_ error: PlatformError) -> Answer {
        var answer = object(HTTPResponse.Status(code: error.code.status)) { json in
            json.key("error")
            json.object { json in
                json.field("code", error.code.rawValue)
                json.field("message", error.message)
            }
        }
        if error.code == .unauthenticated { answer.headers[.wwwAuthenticate] = "Bearer" }
        return answer
    }

    /// - Parameter isHead: only the head is wanted.
    func response(isHead: Bool = false) -> Response {
        var headers = headers
        headers[.contentType] = contentType
        if let length = body.contentLength { headers[.contentLength] = String(length) }
        return Response(status: status, headers: headers, body: isHead ? ResponseBody() : body)
    }
}

extension PlatformError.Code {
    /// The HTTP status that stands for this code.
    var status: Int {
        switch self {
        case .unauthenticated: 401
        case .forbidden: 403
        case .notFound: 404
        case .methodNotAllowed: 405
        case .conflict: 409
        case .rangeNotSatisfiable: 416
        case .invalid: 422
        case .tooLarge: 413
        case .quotaExceeded: 429
        case .unavailable: 503
        case .internal: 500
        }
    }
}
