import Foundation
import JobHistory
import PlatformEngine
import PlatformServer
import ProcessSpawn
import Simulation

/// The platform for users: what `serve`, `run` and `demo` start.
public struct Serving: Sendable {
    public struct Options: Sendable {
        public var state: String
        public var port: Int
        public var adminPort: Int
        public var token: String?
        /// How many nodes there are.
        public var nodes = 1
        /// How many jobs may run at once on each node.
        public var slots: Int
        /// What each node has for its jobs; nil is not counted.
        public var nodeCPUs: Double?
        public var nodeMemoryGB: Double?
        public var nodeGPUs: Int?
        public var durability: JobHistory.Durability
        public var seed: UInt64
        /// What each tenant may use that has none of its own.
        public var quota = Quota()
        /// How much of each of a job's two output streams is kept, in MiB.
        public var logLimitMB = 64

        static let logLimitMBMax = 1 << 20
        /// Where the packages come from that jobs depend on.
        public var packages = PackageOptions()
        /// Whether jobs run under bubblewrap.
        public var isSandboxed = false
        /// How jobs are started.
        public var launcher = Launcher.auto

        /// Hears, in a line, of trouble that clients alone would see otherwise, and of its end.
        public var onNotice: @Sendable (String) -> Void = { _ in }

        public typealias Launcher = LauncherChoice

        public init(
            state: String, port: Int = 0, adminPort: Int = 0, token: String? = nil,
            slots: Int = ProcessInfo.processInfo.activeProcessorCount, durability: JobHistory.Durability = .full, seed: UInt64 = 1
        ) {
            self.state = state
            self.port = port
            self.adminPort = adminPort
            self.token = token
            self.slots = slots
            self.durability = durability
            self.seed = seed
        }
    }

    private let engine: Engine
    private let server: RunningServer

    /// - Throws: `EngineError`, `ServerError`, ``UsageError``.
    public static func start(
        _ options: Options, environment: [String: String] = ProcessInfo.processInfo.environment
    ) async throws -> Serving {
        for (name, port) in [("--port", options.port), ("--admin-port", options.adminPort)] where !(0...65535).contains(port) {
            throw UsageError("\(name) is \(port); a port is 1 to 65535, or 0 for any free one")
        }
        guard !options.state.isEmpty else { throw UsageError("--state is empty; name a folder") }
        try options.checkNodes()
        guard (1...Options.logLimitMBMax).contains(options.logLimitMB) else {
            throw UsageError("--log-limit-mb is \(options.logLimitMB); it must be 1 to \(Options.logLimitMBMax)")
        }
        if let token = options.token, token.isEmpty || !token.allSatisfy({ $0.isASCII && !$0.isWhitespace && !$0.isNewline }) {
            throw UsageError("--token must be ASCII without spaces, and not empty")
        }
        var configuration = EngineConfiguration(
            stateFolder: options.state, executable: try Executable.path(),
            settings: options.settings, durability: options.durability, environment: environment)
        configuration.logBytesMax = Int64(options.logLimitMB) << 20
        configuration.dependencies = options.packages.source
        configuration.isSandboxed = options.isSandboxed
        configuration.launcher = options.launcher
        configuration.onStorageNotice = { [tell = options.onNotice] in tell("\($0)") }
        OpenFileLimit.raise()
        let engine = try await Engine.start(configuration)
        do {
            let server = try await PlatformServer.start(
                engine: engine, port: options.port, adminPort: options.adminPort, token: options.token.map { Token($0) })
            return Serving(engine: engine, server: server)
        } catch {
            try? await engine.stop()
            throw error
        }
    }

    public var endpoint: String { server.endpoint }
    public var token: String { server.token }
    public var adminEndpoint: String { server.adminEndpoint }
    public var adminToken: String { server.adminToken }
    public var state: String { engine.stateFolder }

    /// What `run` and `env` set.
    public var variables: [(name: String, value: String)] { Self.variables(server.note, state: state) }

    /// The variables for a server that is up already; nil where none runs on that folder.
    /// - Throws: ``UsageError`` where this user may not know.
    public static func variables(stateFolder: String) throws -> [(name: String, value: String)]? {
        try StatePermission.check(ServerNote.path(stateFolder), of: stateFolder)
        guard let note = ServerNote(stateFolder: stateFolder), kill(note.pid, 0) == 0 else { return nil }
        return variables(note, state: URL(fileURLWithPath: stateFolder).path)
    }

    private static func variables(_ note: ServerNote, state: String) -> [(name: String, value: String)] {
        [
            ("WINDTUNNEL_ENDPOINT", note.endpoint), ("WINDTUNNEL_TOKEN", note.token), ("WINDTUNNEL_ADMIN_ENDPOINT", note.adminEndpoint),
            ("WINDTUNNEL_ADMIN_TOKEN", note.adminToken), ("WINDTUNNEL_STATE", state),
        ]
    }

    /// Stops: running jobs end as failed (`platform_stopped`), queued ones stay pending.
    public func stop() async throws {
        await server.stop()
        try await engine.stop()
    }
}
