import Hummingbird
import NIOCore
import NIOHTTPTypes
import PlatformEngine

/// Stands between a connection's decoder and the routes, for what the framework answers without them: a client that waits
/// to be told to go on with its body, and a request that is no HTTP, whose empty answer gets the API's own body. And it
/// knows when an answer's last byte is on its way.
final class RequestGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    let presence: ClientPresence
    private let inFlight: InFlight
    private var unanswered = 0
    private let bodyLimitBytes: (HTTPRequest) -> Int64
    private var isMalformed = false

    /// - Parameter bodyLimitBytes: a body that says it is larger is not asked for: the route will refuse it unread.
    init(_ inFlight: InFlight, bodyLimitBytes: @escaping (HTTPRequest) -> Int64) {
        self.inFlight = inFlight
        self.bodyLimitBytes = bodyLimitBytes
        presence = ClientPresence(inFlight)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data) {
            unanswered += 1
            inFlight.enter()
            if waitsForWord(head) { context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil) }
        }
        context.fireChannelRead(data)
    }

    func channelInactive(context: ChannelHandlerContext) {
        presence.leave()
        inFlight.leave(unanswered)
        unanswered = 0
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { presence.leave() }
        context.fireUserInboundEventTriggered(event)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        isMalformed = true
        context.fireErrorCaught(error)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let part = unwrapOutboundIn(data)
        if case .end = part { return writeEnd(context, data, promise) }
        guard isMalformed, case .head(let head) = part, head.status == .badRequest else { return context.write(data, promise: promise) }
        isMalformed = false
        var answer = Answer.error(
            PlatformError.invalid("the request is not valid HTTP/1.1, or its head is larger than the server takes"))
        answer.headers[.connection] = "close"
        guard let body = answer.text else { return context.write(data, promise: promise) }
        answer.headers[.contentType] = answer.contentType
        answer.headers[.contentLength] = String(body.readableBytes)
        context.write(wrapOutboundOut(.head(HTTPResponse(status: .badRequest, headerFields: answer.headers))), promise: nil)
        context.write(wrapOutboundOut(.body(body)), promise: promise)
    }

    /// The request is answered once the system has taken the end of the answer, and with it all before.
    private func writeEnd(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { [self] _ in
            // One that was no HTTP was never counted, and of a closed connection none is any more.
            guard unanswered > 0 else { return }
            unanswered -= 1
            inFlight.leave()
        }
        context.write(data, promise: written)
    }

    private func waitsForWord(_ head: HTTPRequest) -> Bool {
        guard let expectation = head.headerFields[.expect], expectation.lowercased() == "100-continue" else { return false }
        let length = head.headerFields[.contentLength].flatMap { Int64($0) } ?? 0
        return length <= bodyLimitBytes(head)
    }
}
