import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// HTTP/1 connections of which none has to be served: one that is accepted while the server stops is closed, where the framework's own would end the
/// process ("Deinited NIOAsyncWriter without calling finish()").
struct AcceptedConnections: ServerChildChannel {
    let http: HTTP1Channel

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<AcceptedConnection> {
        http.setup(channel: channel, logger: logger).map { AcceptedConnection($0) }
    }

    func handle(value connection: AcceptedConnection, logger: Logger) async {
        guard let content = connection.take() else { return }
        await http.handle(value: content, logger: logger)
    }
}

/// A connection that somebody is to serve.
final class AcceptedConnection: ServerChildChannelValue {
    let channel: any Channel
    private let content: Mutex<HTTP1Channel.Value?>

    init(_ content: HTTP1Channel.Value) {
        channel = content.channel
        self.content = Mutex(content)
    }

    func take() -> HTTP1Channel.Value? {
        content.withLock { content in
            defer { content = nil }
            return content
        }
    }

    deinit {
        guard let content = take() else { return }
        Task { try? await content.executeThenClose { _, _ in } }
    }
}
