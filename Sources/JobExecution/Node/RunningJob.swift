import ProcessSpawn

/// A job whose main process has not been reaped yet.
final class RunningJob {
    let job: String
    let process: SpawnedProcess
    let startedAtMilliseconds: Int64
    let startedAt: Double
    let bounds: JobBounds
    let group: JobCgroup?
    /// Whether the peak that the system tells is the job's own, and not also of what it was forked from.
    let ownsItsPeak: Bool
    /// Nil where there is none, or it was opened.
    var gate: Gate?
    /// What descendants used that the node itself has reaped; the system adds the others to the main process.
    var orphans = Orphans()
    var killedDescendants: Int32 = 0
    private let account: ByteAccount?

    // What `JobWatch` keeps of it.
    var boundHit: BoundHit?
    var log: LogWatch?
    var sampledPeakBytes: Int64 = 0
    var nextMemoryLook = 0.0
    var walk: DiskWalk?
    var walkSeconds = 0.0
    var nextDiskLook = 0.0

    struct Orphans {
        var userSeconds = 0.0
        var systemSeconds = 0.0
        var maxRSSBytes: Int64 = 0
        /// Nil once one could not be asked.
        var bytes: ByteCount? = ByteCount()
    }

    /// Takes the time, and then starts the process: a short job is over before its start has been noted.
    init(
        _ launch: JobLaunch, gate: Gate?, group: JobCgroup?, starting start: () throws(SpawnError) -> SpawnedProcess
    ) throws(SpawnError) {
        job = launch.job
        bounds = launch.bounds
        ownsItsPeak = launch.launcher == .cold
        self.gate = gate
        self.group = group
        startedAtMilliseconds = Clock.millisecondsSince1970()
        startedAt = Clock.monotonicSeconds()
        process = try start()
        account = ByteAccount(pid: process.pid)
    }

    deinit { account?.close() }

    /// The bytes of the main process and of the children that it has waited for. Before it is reaped.
    func mainBytes() -> ByteCount? { account?.count() }

    func add(orphan report: ExitReport, bytes: ByteCount?) {
        orphans.userSeconds += report.userSeconds
        orphans.systemSeconds += report.systemSeconds
        orphans.maxRSSBytes = max(orphans.maxRSSBytes, report.maxRSSBytes)
        guard let sum = orphans.bytes, let bytes else { return orphans.bytes = nil }
        orphans.bytes = ByteCount(read: sum.read + bytes.read, written: sum.written + bytes.written)
    }

    /// The measures, once everything of the job is reaped.
    func exit(main: ExitReport?, bytes: ByteCount?, at end: Double, measures: inout Measures) -> JobExit {
        var exit = JobExit(startedAtMilliseconds: startedAtMilliseconds, endedAtMilliseconds: Clock.millisecondsSince1970())
        exit.wallSeconds = end - startedAt
        exit.killedDescendants = killedDescendants
        guard let main else {
            for figure in ["exit_code", "cpu_user_seconds", "cpu_system_seconds", "max_rss_bytes", "read_bytes", "written_bytes"] {
                exit.unknown[figure] = "the system had no report of the process"
            }
            return exit
        }
        switch main.ending {
        case .code(let code): exit.exitCode = code
        case .signal(let signal): exit.signal = signal
        }
        let figures = group?.figures()
        exit.cpuUserSeconds = figures?.userSeconds ?? main.userSeconds + orphans.userSeconds
        exit.cpuSystemSeconds = figures?.systemSeconds ?? main.systemSeconds + orphans.systemSeconds
        if let peak = figures?.peakBytes {
            exit.maxRSSBytes = peak
        } else {
            measures.fillMemory(&exit, peak: max(main.maxRSSBytes, orphans.maxRSSBytes), sampled: sampledPeakBytes)
        }
        exit.source = figures?.peakBytes != nil ? "cgroup" : sampledPeakBytes > 0 ? "wait4+proc" : "wait4"
        measures.fillBytes(&exit, main: bytes, orphans: orphans.bytes)
        return exit
    }
}

/// What this system can measure, and what it says where it cannot.
struct Measures {
    /// The node's peak as last seen. It only grows.
    private var ownPeak: Int64 = 0

    /// A child's peak starts at the node's: at or below that it is not the child's own.
    ///
    /// - Parameter sampled: what a look at the running tree has seen, 0 for none.
    mutating func fillMemory(_ exit: inout JobExit, peak: Int64, sampled: Int64) {
        if max(peak, sampled) > ownPeak {
            guard let current = ownPeakRSSBytes() else {
                exit.unknown["max_rss_bytes"] = "the system does not tell the node's own peak, at which the job's begins"
                return
            }
            ownPeak = current
        }
        if max(peak, sampled) > ownPeak {
            exit.maxRSSBytes = max(peak, sampled)
        } else {
            exit.unknown["max_rss_bytes"] = "at most \(ownPeak) bytes, the node's own peak, below which the system cannot tell"
        }
    }

    func fillBytes(_ exit: inout JobExit, main: ByteCount?, orphans: ByteCount?) {
        guard let main, let orphans else {
            let reason = main == nil
                ? "the system does not tell what the process read and wrote"
                : "the system does not tell what a process read and wrote that outlived its parent"
            for figure in ["read_bytes", "written_bytes"] { exit.unknown[figure] = reason }
            return
        }
        exit.readBytes = main.read + orphans.read
        exit.writtenBytes = main.written + orphans.written
    }
}
