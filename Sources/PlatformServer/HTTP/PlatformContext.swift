import Hummingbird
import NIOCore
import Synchronization

/// What a route can know of the connection that a request came on.
struct PlatformContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    private let channel: any Channel

    init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        channel = source.channel
    }

    /// Whether the client still listens.
    func presence() async throws -> ClientPresence {
        try await channel.eventLoop.submit { [channel] in
            try channel.pipeline.syncOperations.handler(type: RequestGuard.self).presence
        }.get()
    }
}

/// Whether a connection's client is there. One that has closed its side is taken to be gone: nothing but an answer that
/// nobody reads would tell it from one that still listens.
final class ClientPresence: Sendable {
    private let gone = Mutex(false)
    private let inFlight: InFlight

    init(_ inFlight: InFlight) { self.inFlight = inFlight }

    var isGone: Bool { gone.withLock { $0 } }

    /// Whether what goes on without an end, for as long as the client listens, has to break off: nobody waits for it at a stop.
    var isOver: Bool { isGone || inFlight.isDraining }

    func leave() { gone.withLock { $0 = true } }
}
