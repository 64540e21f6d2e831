import ProcessSpawn

/// A job whose main process has not been reaped yet.
final class RunningJob {
    let job: String
    let process: SpawnedProcess
    let startedAtMilliseconds: Int64
    let startedAt: Double
    /// Nil where there is none, or it was opened.
    var gate: Gate?
    /// CPU of descendants that the node itself has reaped; the system adds the others to the main process.
    var orphanUserSeconds = 0.0
    var orphanSystemSeconds = 0.0
    var orphanMaxRSSBytes: Int64 = 0
    var orphanReadBytes: Int64 = 0
    var orphanWrittenBytes: Int64 = 0
    var killedDescendants: Int32 = 0

    /// Takes the time, and then starts the process: a short job is over before its start has been noted.
    init(job: String, gate: Gate?, starting start: () throws(SpawnError) -> SpawnedProcess) throws(SpawnError) {
        self.job = job
        self.gate = gate
        startedAtMilliseconds = Clock.millisecondsSince1970()
        startedAt = Clock.monotonicSeconds()
        process = try start()
    }

    func add(orphan report: ExitReport) {
        orphanUserSeconds += report.userSeconds
        orphanSystemSeconds += report.systemSeconds
        orphanMaxRSSBytes = max(orphanMaxRSSBytes, report.maxRSSBytes)
        orphanReadBytes += report.readBytes
        orphanWrittenBytes += report.writtenBytes
    }

    /// The measures, once everything of the job is reaped.
    func exit(main: ExitReport?, at end: Double, measures: inout Measures) -> JobExit {
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
        exit.cpuUserSeconds = main.userSeconds + orphanUserSeconds
        exit.cpuSystemSeconds = main.systemSeconds + orphanSystemSeconds
        measures.fillMemory(&exit, peak: max(main.maxRSSBytes, orphanMaxRSSBytes))
        measures.fillStorage(&exit, read: main.readBytes + orphanReadBytes, written: main.writtenBytes + orphanWrittenBytes)
        return exit
    }
}

/// What this system can measure, and what it says where it cannot.
struct Measures {
    private let countsStorage = Files.read("/proc/self/io") != nil
    /// The node's peak as last seen. It only grows.
    private var ownPeak: Int64 = 0

    /// A child's peak starts at the node's: at or below that it is not the child's own.
    mutating func fillMemory(_ exit: inout JobExit, peak: Int64) {
        if peak > ownPeak {
            guard let current = ownPeakRSSBytes() else {
                exit.unknown["max_rss_bytes"] = "the system does not tell the node's own peak, at which the job's begins"
                return
            }
            ownPeak = current
        }
        if peak > ownPeak {
            exit.maxRSSBytes = peak
        } else {
            exit.unknown["max_rss_bytes"] = "at most \(ownPeak) bytes, the node's own peak, below which the system cannot tell"
        }
    }

    func fillStorage(_ exit: inout JobExit, read: Int64, written: Int64) {
        guard countsStorage else {
            for figure in ["read_bytes", "written_bytes"] { exit.unknown[figure] = "the system keeps no account of storage by process" }
            return
        }
        exit.readBytes = read
        exit.writtenBytes = written
    }
}
