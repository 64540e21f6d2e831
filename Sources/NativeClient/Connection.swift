import NIOCore
import NIOHTTP1
import NIOPosix

/// One kept connection. It carries one request at a time.
struct Connection: Sendable {
    let channel: any Channel

    /// Connects to `endpoint`, on the loop that `group` gives.
    static func open(_ endpoint: Endpoint, on group: any EventLoopGroup, timeoutSeconds: Double) async throws(NativeClientError) -> Connection {
        let bootstrap = ClientBootstrap(group: group)
            .connectTimeout(.milliseconds(Int64(timeoutSeconds * 1000)))
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler())
                }
            }
        do {
            return Connection(channel: try await bootstrap.connect(host: endpoint.host, port: endpoint.port).get())
        } catch {
            throw .nobodyListens(endpoint: endpoint.text)
        }
    }

    /// Sends one request and gives its answer. After an error, the connection is closed.
    func exchange(_ request: OutgoingRequest) async throws -> Answer {
        let promise = channel.eventLoop.makePromise(of: Answer.self)
        channel.writeAndFlush(Exchange(request: request, promise: promise), promise: nil)
        return try await promise.futureResult.get()
    }

    func close() { channel.close(promise: nil) }
}

/// An answer, and whether the connection can carry another request.
struct Answer: Sendable {
    var response: Response
    var isReusable: Bool
}

/// A request as it goes onto the wire.
struct OutgoingRequest: Sendable {
    var head: HTTPRequestHead
    var body: ByteBuffer?
    var what: String
    var timeoutSeconds: Double
    var answerLimitBytes: Int
    /// Takes a successful answer's body part by part, in place of collecting it; the deadline is for its head then.
    var onPart: (@Sendable ([UInt8]) throws -> Void)?
}

/// What is written into the pipeline: a request, and the promise of its answer.
struct Exchange: Sendable {
    let request: OutgoingRequest
    let promise: EventLoopPromise<Answer>
}
