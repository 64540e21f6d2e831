import JobExecution
import JobHistory
import Simulation

/// The platform: the plain shell around the reducer. It feeds events, stores them, and carries out effects; no rule of the
/// platform is decided here.
///
///     let engine = try await Engine.start(configuration)
///     let job = try await engine.submit(Submission(code: "print(1)"), tenant: .primary)
///     try await engine.stop()
public actor Engine {
    /// Whose tokens are whose. Tenants live as long as the engine, their jobs stay in the history.
    public nonisolated let tenants = TenantTable()
    /// What came in lately, fed by the server.
    public nonisolated let requests = RequestLog()
    /// The files that tenants keep here.
    public nonisolated let files: FileStore
    /// The models that are served here.
    public nonisolated let endpoints: EndpointHost
    /// Where everything is kept, absolute.
    public nonisolated let stateFolder: String

    nonisolated let board = JobBoard()
    nonisolated let history: JobHistory
    nonisolated let writer: CommitWriter
    /// Of the first node. All have the jobs' folders in the same place.
    nonisolated let nodeFolder: NodeFolder
    nonisolated let clock: any PlatformClock
    let lock: FolderLock
    let executable: String
    let accounting: Accounting
    let environment: [String: String]
    nonisolated let nodeFolders: [NodeFolder]
    nonisolated let logs: LogReader

    /// Ends when the writer has ended and the history is closed.
    var writing: Task<Void, Never>?

    /// As reduced; ahead of `storedState` by what is pending.
    var state: State
    /// As stored: what a failed commit goes back to.
    var storedState: State
    var pending: [Pending] = []
    var lastTicket: Int64 = 0
    var appliedTicket: Int64 = 0
    /// Readers of the history that wait until the board shows as much.
    var catchingUp: [(ticket: Int64, continuation: CheckedContinuation<Void, Never>)] = []

    /// A commit failed: the platform's own events wait for the next try.
    var isHeldBack = false
    /// The operator was told that the history cannot be written; with what is stored up to this ticket, it can be again.
    var unwrittenTicket: Int64?
    let room: JobRoom
    /// The operator was told that there is no room for jobs.
    var lacksRoom = false
    let tellStorageNotice: @Sendable (StorageNotice) -> Void
    var backoffSeconds = Engine.backoffSecondsMin
    var retry: Task<Void, Never>?

    nonisolated let dependencies: DependencyEnvironments
    /// Of the jobs that have one.
    nonisolated let environments = PreparedEnvironments()
    /// Launched by the core, and not yet told to a node.
    var preparing = JobsInPreparation()
    /// In the order of their numbers; always the same ones.
    let nodes: [EngineNode]
    /// Jobs that are about to be told as lost, by the node that had them.
    var lostOn: [String: String] = [:]
    var interpreter = NodeLane.Interpreter.unknown
    let nodeSilenceSeconds: Double
    var timers: [Timer: Task<Void, Never>] = [:]
    var watchers = Watchers()
    var keysInUse: [TenantKey: [CheckedContinuation<Void, Never>]] = [:]
    var nextHold = 1
    var isStopping = false
    var isClosed = false

    init(_ parts: Parts) {
        stateFolder = parts.folder.path
        files = FileStore(
            root: parts.folder.files, isDurable: parts.configuration.durability == .full, writing: parts.configuration.fileWriting)
        endpoints = EndpointHost(folder: parts.folder.endpoints, files: files, configuration: parts.configuration)
        history = parts.history
        writer = parts.writer
        nodeFolder = parts.nodeFolders[0]
        nodeFolders = parts.nodeFolders
        clock = parts.configuration.clock
        lock = parts.lock
        executable = parts.configuration.executable
        accounting = parts.configuration.accounting
        dependencies = DependencyEnvironments(folder: parts.folder.environments, configuration: parts.configuration)
        let packages = JobPackages(source: dependencies.source, environments: environments)
        nodes = parts.nodeFolders.map { folder in
            let lane = NodeLane(folder, configuration: parts.configuration, packages: packages, sandbox: parts.sandbox)
            return EngineNode(name: folder.name, folder: folder, lane: lane)
        }
        nodeSilenceSeconds = parts.configuration.nodeSilenceSeconds
        environment = parts.configuration.environment
        room = JobRoom(path: parts.folder.jobs)
        tellStorageNotice = parts.configuration.onStorageNotice
        logs = LogReader(parts.nodeFolders[0].jobsFolder, limitBytes: parts.configuration.logBytesMax)
        state = parts.restored
        storedState = parts.restored
    }

    /// What `start` has put together before there is an engine.
    struct Parts {
        var configuration: EngineConfiguration
        var folder: StateFolder
        var lock: FolderLock
        var history: JobHistory
        var writer: CommitWriter
        /// One or more.
        var nodeFolders: [NodeFolder]
        var sandbox: Sandbox?
        var restored: State
    }
}

/// An idempotency key belongs to one tenant.
struct TenantKey: Hashable {
    var tenant: String
    var key: String
}
