import NIOCore
import NIOHTTP1

/// Pairs the one request on a connection with its answer, under a deadline.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias OutboundIn = Exchange
    typealias OutboundOut = HTTPClientRequestPart

    private var current: Exchange?
    private var head: HTTPResponseHead?
    private var body: [UInt8] = []
    private var deadline: Scheduled<Void>?

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let exchange = unwrapOutboundIn(data)
        guard context.channel.isActive else {
            exchange.promise.fail(lost(exchange, "it was closed"))
            return
        }
        current = exchange
        startDeadline(exchange, context: context)
        context.write(wrapOutboundOut(.head(exchange.request.head)), promise: nil)
        if let body = exchange.request.body {
            context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil)
        }
        context.write(wrapOutboundOut(.end(nil)), promise: promise)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
            if current?.request.onPart != nil { deadline?.cancel() }
        case .body(let part):
            guard let current else { return }
            if let onPart = current.request.onPart, head?.status == .ok {
                do { try onPart(Array(part.readableBytesView)) } catch { end(with: error, context: context) }
                return
            }
            guard body.count + part.readableBytes <= current.request.answerLimitBytes else {
                let request = current.request
                end(with: NativeClientError.answerTooLarge(what: request.what, limitBytes: request.answerLimitBytes), context: context)
                return
            }
            body.append(contentsOf: part.readableBytesView)
        case .end:
            finish()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let current { end(with: lost(current, "the server closed it"), context: context) }
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if let current { end(with: lost(current, "\(error)"), context: context) }
        context.close(promise: nil)
    }

    private func finish() {
        deadline?.cancel()
        guard let head, let exchange = current else { return }
        // An interim answer (100 Continue) is not the answer.
        if head.status.code < 200 { return }
        let headers = head.headers.map { (name: $0.name, value: $0.value) }
        let response = Response(status: Int(head.status.code), headers: headers, body: body)
        current = nil
        self.head = nil
        body = []
        exchange.promise.succeed(Answer(response: response, isReusable: head.isKeepAlive))
    }

    private func end(with error: any Error, context: ChannelHandlerContext) {
        deadline?.cancel()
        guard let exchange = current else { return }
        current = nil
        exchange.promise.fail(error)
        context.close(promise: nil)
    }

    private func startDeadline(_ exchange: Exchange, context: ChannelHandlerContext) {
        let request = exchange.request
        let bound = NIOLoopBound((handler: self, context: context), eventLoop: context.eventLoop)
        deadline = context.eventLoop.scheduleTask(in: .milliseconds(Int64(request.timeoutSeconds * 1000))) {
            let (handler, context) = bound.value
            handler.end(with: NativeClientError.timedOut(what: request.what, seconds: request.timeoutSeconds), context: context)
        }
    }

    private func lost(_ exchange: Exchange, _ detail: String) -> NativeClientError {
        let what = exchange.request.what
        // An interim answer is none.
        let hasBegun = (head?.status.code ?? 0) >= 200
        return hasBegun ? .answerCutOff(what: what, detail: detail) : .connectionLost(what: what, detail: detail)
    }
}
