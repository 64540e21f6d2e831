import NIOCore
import NIOHTTP1
import NIOPosix
import Synchronization

/// A small HTTP/1.1 client for a platform on loopback: kept connections, deadlines, one clear error when nobody listens.
///
///     let client = try NativeClient(endpoint: "http://127.0.0.1:8080", token: token)
///     let answer = try await client.request("GET", "/v1/jobs?limit=5")
///
/// Any number of requests may run at once, each on a connection of its own. Call `close()` when done.
public final class NativeClient: Sendable {
    /// The most bytes of an answer that are read.
    public static let defaultAnswerLimitBytes = 256 * 1024 * 1024

    private let endpoint: Endpoint
    private let token: String?
    private let timeoutSeconds: Double
    private let group: any EventLoopGroup
    private let idle = Mutex<[Connection]>([])

    /// - Parameters:
    ///   - endpoint: `http://HOST:PORT`.
    ///   - token: sent as a bearer token; nil sends none.
    ///   - timeoutSeconds: from the sending of a request to the end of its answer.
    /// - Throws: `NativeClientError.badEndpoint`.
    public init(endpoint: String, token: String? = nil, timeoutSeconds: Double = 30) throws(NativeClientError) {
        self.endpoint = try Endpoint(endpoint)
        self.token = token
        self.timeoutSeconds = timeoutSeconds
        group = MultiThreadedEventLoopGroup.singleton
    }

    /// Sends one request. A GET is sent once more when a kept connection turns out to be closed; nothing else is ever repeated.
    ///
    /// - Parameters:
    ///   - method: such as `GET`.
    ///   - path: with its query, already percent-encoded.
    ///   - body: JSON unless `headers` say otherwise; nil sends none.
    ///   - headers: further ones; they win over the client's own.
    /// - Throws: `NativeClientError`.
    public func request(
        _ method: String, _ path: String, body: [UInt8]? = nil, headers: [(name: String, value: String)] = []
    ) async throws -> Response {
        let outgoing = makeRequest(method, path, body: body, headers: headers)
        if let kept = takeKept() {
            do {
                return try await exchange(outgoing, on: kept)
            } catch NativeClientError.connectionLost where method == "GET" {
                // The server closed it while it lay idle.
            }
        }
        let fresh = try await Connection.open(endpoint, on: group, timeoutSeconds: timeoutSeconds)
        return try await exchange(outgoing, on: fresh)
    }

    /// The same with a body of text.
    public func request(
        _ method: String, _ path: String, json: String, headers: [(name: String, value: String)] = []
    ) async throws -> Response {
        try await request(method, path, body: Array(json.utf8), headers: headers)
    }

    /// Sends one GET, on a connection of its own, and gives the answer's body part by part, for as long as it comes.
    ///
    /// - Parameter onPart: called in order, for a 200 only; what it throws ends the request.
    /// - Returns: the answer; its body is empty for a 200.
    /// - Throws: `NativeClientError`, or what `onPart` threw.
    public func stream(_ path: String, onPart: @escaping @Sendable ([UInt8]) throws -> Void) async throws -> Response {
        var outgoing = makeRequest("GET", path, body: nil, headers: [])
        outgoing.onPart = onPart
        let connection = try await Connection.open(endpoint, on: group, timeoutSeconds: timeoutSeconds)
        defer { connection.close() }
        return try await connection.exchange(outgoing).response
    }

    /// Closes the kept connections. The client may still be used.
    public func close() {
        let connections = idle.withLock { kept in
            defer { kept = [] }
            return kept
        }
        for connection in connections { connection.close() }
    }

    deinit { close() }

    /// A kept connection that the server has not closed meanwhile.
    private func takeKept() -> Connection? {
        idle.withLock { kept in
            while let connection = kept.popLast() {
                if connection.channel.isActive { return connection }
            }
            return nil
        }
    }

    private func exchange(_ request: OutgoingRequest, on connection: Connection) async throws -> Response {
        let answer = try await connection.exchange(request)
        if answer.isReusable {
            idle.withLock { $0.append(connection) }
        } else {
            connection.close()
        }
        return answer.response
    }

    private func makeRequest(
        _ method: String, _ path: String, body: [UInt8]?, headers: [(name: String, value: String)]
    ) -> OutgoingRequest {
        var fields = HTTPHeaders()
        fields.add(name: "Host", value: "\(endpoint.host):\(endpoint.port)")
        if let token { fields.add(name: "Authorization", value: "Bearer \(token)") }
        if let body {
            fields.add(name: "Content-Type", value: "application/json")
            fields.add(name: "Content-Length", value: String(body.count))
        }
        for header in headers { fields.replaceOrAdd(name: header.name, value: header.value) }
        // A body is framed in one way only.
        if fields.contains(name: "Transfer-Encoding") { fields.remove(name: "Content-Length") }
        return OutgoingRequest(
            head: HTTPRequestHead(version: .http1_1, method: HTTPMethod(rawValue: method), uri: path, headers: fields),
            body: body.map { ByteBuffer(bytes: $0) }, what: "\(method) \(path.prefix { $0 != "?" })",
            timeoutSeconds: timeoutSeconds, answerLimitBytes: Self.defaultAnswerLimitBytes)
    }
}
