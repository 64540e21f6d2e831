import Hummingbird
import Logging
import PlatformEngine

/// Serves an engine on loopback.
///
///     let server = try await PlatformServer.start(engine: engine)
///     print(server.endpoint, server.token)
///     await server.stop()
///     try await engine.stop()
public enum PlatformServer {
    /// Binds both ports, on 127.0.0.1 only, and notes them in the state folder's `server.json`.
    ///
    /// - Parameters:
    ///   - port: of the API; 0 for any free one.
    ///   - adminPort: of the administration; 0 for any free one.
    ///   - token: the primary tenant's. When nil, the one of the last server on this state folder; made up for the first.
    ///   - logger: quiet unless something is wrong, by default.
    /// - Throws: `ServerError`, such as a port in use.
    public static func start(
        engine: Engine, port: Int = 0, adminPort: Int = 0, token: Token? = nil, logger: Logger = quietLogger
    ) async throws(ServerError) -> RunningServer {
        try await start(engine: engine, port: port, adminPort: adminPort, token: token, logger: logger, patience: Listener.Patience())
    }

    static func start(
        engine: Engine, port: Int = 0, adminPort: Int = 0, token: Token? = nil, logger: Logger = quietLogger,
        patience: Listener.Patience, room: ConnectionRoom? = nil
    ) async throws(ServerError) -> RunningServer {
        let token = try StoredToken.primary(engine.stateFolder).take(token)
        let adminToken = try StoredToken.admin(engine.stateFolder).take(nil)
        try StoredTenants(stateFolder: engine.stateFolder).restore(engine.tenants)
        engine.tenants.set(token, of: .primary)

        let api = NativeAPI(engine: engine).routes
        let apiResponder = RouteResponder(
            api + [OpenAPI.route(title: "Windtunnel, the native platform", showing: api)], engine: engine, isRecorded: true,
            logger: logger, identify: { engine.tenants.tenant(withToken: $0) })
        let admin = AdminAPI(engine: engine).routes
        let adminResponder = RouteResponder(
            admin + [OpenAPI.route(title: "Windtunnel, administration", showing: admin)], engine: engine, isRecorded: false,
            logger: logger, identify: { adminToken.matches($0) ? Tenant(name: "admin") : nil })

        let room = room ?? ConnectionRoom()
        let listener = try await Listener(apiResponder, port: port, option: "--port", connections: room.api, patience: patience)
        do throws(ServerError) {
            let adminListener = try await Listener(
                adminResponder, port: adminPort, option: "--admin-port", connections: room.admin, patience: patience)
            do throws(ServerError) {
                let note = ServerNote(
                    endpoint: listener.endpoint, token: token, adminEndpoint: adminListener.endpoint, adminToken: adminToken)
                try note.write(stateFolder: engine.stateFolder)
                return RunningServer(note: note, stateFolder: engine.stateFolder, listeners: [listener, adminListener])
            } catch {
                await adminListener.stop()
                throw error
            }
        } catch {
            await listener.stop()
            throw error
        }
    }

    /// Says only what went wrong.
    public static let quietLogger: Logger = {
        var logger = Logger(label: "windtunnel")
        logger.logLevel = .error
        return logger
    }()
}

/// A server that serves.
public struct RunningServer: Sendable {
    public let note: ServerNote
    let stateFolder: String
    let listeners: [Listener]

    /// Such as `http://127.0.0.1:41234`.
    public var endpoint: String { note.endpoint }
    /// The primary tenant's.
    public var token: String { note.token }
    public var port: Int { listeners[0].port }
    public var adminEndpoint: String { note.adminEndpoint }
    public var adminToken: String { note.adminToken }

    /// Answers what is being answered, for a few seconds at most, then closes both ports and removes `server.json`. The engine runs on.
    public func stop() async {
        ServerNote.remove(stateFolder: stateFolder)
        await withDiscardingTaskGroup { group in
            for listener in listeners { group.addTask { await listener.stop() } }
        }
    }
}
