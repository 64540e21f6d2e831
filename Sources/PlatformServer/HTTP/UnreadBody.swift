import NIOCore
import NIOHTTPTypes

/// Takes what still comes of a body whose request is answered already, and throws it away: many a client reads no answer before it has
/// sent everything, and would find a broken connection in place of the refusal. The framework does not do it where the client wants the
/// connection closed, and without a bound elsewhere.
///
/// Nothing is kept of it. Where more comes than `bytesMax`, or it takes longer than `patience`, the connection is closed.
final class UnreadBody: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let bytesMax: Int64
    private let patience: TimeAmount
    private var unanswered = 0
    private var isBodyComing = false
    /// Whether the framework takes nothing more of the connection, behind this request.
    private var isLast = false
    private var taken: Int64 = 0
    /// There while what comes is thrown away.
    private var deadline: Scheduled<Void>?

    init(bytesMax: Int64, patience: TimeAmount) {
        self.bytesMax = bytesMax
        self.patience = patience
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            unanswered += 1
            isBodyComing = true
            // As the framework has it, to the letter.
            isLast = head.headerFields[.connection] == "close"
        case .body(let part):
            if deadline != nil { return drop(part.readableBytes, context) }
        case .end:
            isBodyComing = false
            // Of a last one it still has to be seen that the client is through with the answer.
            if !isLast { stop() }
        }
        context.fireChannelRead(data)
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        context.fireChannelReadComplete()
        // Whoever is behind this handler may have had enough.
        if deadline != nil { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenSuccess { [self] in
            // One that was no HTTP was never counted.
            unanswered = max(0, unanswered - 1)
            if unanswered == 0, isBodyComing || isLast { start(context) }
        }
        context.write(data, promise: written)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        context.fireUserInboundEventTriggered(event)
        if deadline != nil, case .inputClosed? = event as? ChannelEvent { context.close(promise: nil) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        context.fireErrorCaught(error)
        // A body that is no HTTP has no end.
        if deadline != nil { context.close(promise: nil) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    private func start(_ context: ChannelHandlerContext) {
        guard deadline == nil, context.channel.isActive else { return }
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: patience) { context.close(promise: nil) }
        context.read()
    }

    private func drop(_ count: Int, _ context: ChannelHandlerContext) {
        taken += Int64(count)
        if taken > bytesMax { context.close(promise: nil) }
    }

    private func stop() {
        deadline?.cancel()
        deadline = nil
        taken = 0
    }
}
