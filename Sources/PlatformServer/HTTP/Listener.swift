import Foundation
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import PlatformEngine

/// One port with its routes.
final class Listener: Sendable {
    let port: Int
    private let running: Task<Void, any Error>
    private let responder: RouteResponder
    private let patience: Patience

    /// How long it waits for clients.
    struct Patience: Sendable {
        /// A connection on which nothing comes for so long, also within a body, is closed.
        var idle = Duration.seconds(60)
        /// What is still being answered so long after a stop is cut off.
        var drain = Duration.seconds(3)
        /// Of a body whose request is answered already, so much is still taken, and thrown away, for so long; then the connection is closed.
        var unreadBytes: Int64 = 1 << 30
        var unread = Duration.seconds(30)
    }

    /// Binds 127.0.0.1 and serves.
    ///
    /// - Parameters:
    ///   - port: 0 for any free one.
    ///   - option: the command-line option that sets the port, for the error.
    ///   - connections: how many it has open at once; more wait until one of them is closed.
    /// - Throws: `ServerError`.
    init(
        _ responder: RouteResponder, port: Int, option: String, connections: Int, patience: Patience = Patience()
    ) async throws(ServerError) {
        // The framework's log says again what is thrown here.
        var logger = Logger(label: "windtunnel.http")
        logger.logLevel = .critical
        let (bound, sink) = AsyncStream.makeStream(of: Int.self)
        let http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestGuard(responder.inFlight, bodyLimitBytes: { responder.bodyLimitBytes(of: $0) }),
                UnreadBody(bytesMax: patience.unreadBytes, patience: TimeAmount(patience.unread)),
            ],
            idleTimeout: TimeAmount(patience.idle))
        let application = Application(
            responder: responder,
            server: HTTPServerBuilder { AcceptedConnections(http: HTTP1Channel(responder: $0, configuration: http)) },
            configuration: ApplicationConfiguration(
                address: .hostname("127.0.0.1", port: port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(connections, logger: logger)),
            onServerRunning: { channel in
                sink.yield(channel.localAddress?.port ?? port)
                sink.finish()
            },
            eventLoopGroupProvider: .singleton, logger: logger)
        let running = Task {
            defer { sink.finish() }
            try await application.run()
        }
        // Whoever does not want to wait any more ends the server, and so the wait.
        let first = await withTaskCancellationHandler { await bound.first { _ in true } } onCancel: { running.cancel() }
        guard let port = first else {
            running.cancel()
            throw ServerError(await running.result, port: port, option: option)
        }
        self.port = port
        self.running = running
        self.responder = responder
        self.patience = patience
    }

    var endpoint: String { "http://127.0.0.1:\(port)" }

    /// Answers what is being answered, as long as `Patience.drain` allows, then closes the port and its connections.
    func stop() async {
        let deadline = Task { [running, responder, patience] in
            guard (try? await Task.sleep(for: patience.drain)) != nil else { return }
            // Ends every connection, and with them whoever waits for a client.
            running.cancel()
            responder.inFlight.giveUp()
        }
        await responder.inFlight.drain()
        deadline.cancel()
        running.cancel()
        _ = await running.result
    }
}

/// Why the server does not serve, in one line.
public enum ServerError: Error, Sendable, Hashable, CustomStringConvertible {
    case portInUse(port: Int, option: String)
    case cannotListen(port: Int, detail: String)
    case cannotNote(path: String, detail: String)
    /// The file of a token has none.
    case noToken(path: String)

    public var description: String {
        switch self {
        case .portInUse(let port, let option):
            "port \(port) on 127.0.0.1 is in use; choose another with \(option), or 0 for any free one"
        case .cannotListen(let port, let detail): "cannot listen on port \(port) of 127.0.0.1: \(detail)"
        case .cannotNote(let path, let detail): "cannot write \(path): \(detail)"
        case .noToken(let path): "\(path) holds no token; remove it to have a new one made, or put visible ASCII characters there"
        }
    }

    init(_ result: Result<Void, any Error>, port: Int, option: String) {
        guard case .failure(let error) = result else {
            self = .cannotListen(port: port, detail: "the server ended at once")
            return
        }
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE: self = .portInUse(port: port, option: option)
        case EACCES: self = .cannotListen(port: port, detail: "permission denied; choose one above 1023 with \(option)")
        default: self = .cannotListen(port: port, detail: "\(error)")
        }
    }
}
