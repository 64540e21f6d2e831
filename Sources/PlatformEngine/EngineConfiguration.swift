import JobExecution
import JobHistory
import Simulation

/// How a platform is to run.
public struct EngineConfiguration: Sendable {
    /// Where everything is kept; created (0700) when it does not exist.
    public var stateFolder: String
    /// The `windtunnel` program, which is also the node.
    public var executable: String
    /// Seed, slots and grace periods.
    public var settings: Settings
    public var durability: JobHistory.Durability
    /// The server's own environment: of it a job sees `PATH`, `LANG` and `TZ`, and `python3` is looked for on its `PATH`.
    public var environment: [String: String]
    public var clock: any PlatformClock
    /// How long a model may take until it answers, on the wall's clock.
    public var endpointLoadSeconds = 30.0
    /// How much of each of a job's two output streams is kept, in bytes.
    public var logBytesMax = EngineConfiguration.logBytesMaxStandard
    /// How jobs are started.
    public var launcher = LauncherChoice.auto
    /// How the nodes measure and bound jobs.
    public var accounting = Accounting.auto
    /// Where the packages come from that jobs depend on.
    public var dependencies = DependencySource()
    /// Whether jobs run under bubblewrap: no network, a read-only system, a `/tmp` and processes of their own.
    public var isSandboxed = false
    /// After so long without an answer a node counts as hung: it is killed, and its jobs are lost. Above 0; by the wall's clock.
    public var nodeSilenceSeconds = 30.0
    /// Hears of a history that cannot be written, and of its recovery.
    public var onStorageNotice: @Sendable (StorageNotice) -> Void = { _ in }
    /// Stands between the engine and the history's `append`; tests let a full disk happen there.
    var appending: @Sendable (JobHistory, [StoredStep]) throws(HistoryError) -> Void = { history, batch throws(HistoryError) in
        try history.append(batch)
    }
    /// Stands between an upload and its file, for the same reason.
    var fileWriting: FileStore.Writing = FileUpload.append

    public static let logBytesMaxStandard: Int64 = 64 << 20

    public init(
        stateFolder: String, executable: String, settings: Settings = Settings(),
        durability: JobHistory.Durability = .normal, environment: [String: String], clock: any PlatformClock = WallClock()
    ) {
        self.stateFolder = stateFolder
        self.executable = executable
        self.settings = settings
        self.durability = durability
        self.environment = environment
        self.clock = clock
    }
}
