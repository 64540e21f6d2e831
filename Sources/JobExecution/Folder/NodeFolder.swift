import Glibc

/// The folder of one node: the truth about its jobs, which outlives both engine and node.
///
///     lock                    held by the node that serves the folder, whose process it names
///     socket                  the path of its Unix socket, which lies in a short runtime folder
///     node.log                what the node itself has to say
///     cgroups                 where the node has made control groups, if it has: one path a line
///     journal                 each job's launch (noted before it happens), main process and end (`JobExit`), until it is forgotten
///
/// The jobs' own folders (``JobsFolder``) may be anywhere, and all nodes' in the same place, so that a job keeps its folder wherever it runs.
public struct NodeFolder: Sendable, Hashable {
    /// Absolute, without links.
    public let path: String

    /// Where the jobs' folders are; absolute, without links.
    public let jobs: String

    /// - Parameter jobs: where the jobs' folders are; `jobs` in the folder itself when nil.
    /// - Throws: `FileError` when a folder neither exists nor can be created.
    public init(path: String, jobs: String? = nil) throws(FileError) {
        self.path = try Self.make(path)
        self.jobs = try Self.make(jobs ?? self.path + "/jobs")
    }

    /// - Returns: the folder's path, absolute and without links.
    private static func make(_ path: String) throws(FileError) -> String {
        try Files.makeFolders(path)
        guard let resolved = realpath(path, nil) else { throw FileError("resolve", path) }
        defer { free(resolved) }
        return String(cString: resolved)
    }

    public var jobsFolder: JobsFolder { JobsFolder(path: jobs) }
    public func folder(ofJob job: String) -> String { jobsFolder.folder(ofJob: job) }
    public func workFolder(ofJob job: String) -> String { jobsFolder.workFolder(ofJob: job) }
    public func standardOutput(ofJob job: String) -> String { jobsFolder.standardOutput(ofJob: job) }
    public func standardError(ofJob job: String) -> String { jobsFolder.standardError(ofJob: job) }
    public func logOrder(ofJob job: String) -> String { jobsFolder.logOrder(ofJob: job) }
    public func logLimit(ofJob job: String) -> String { jobsFolder.logLimit(ofJob: job) }
    public var log: String { "\(path)/node.log" }

    var lock: String { "\(path)/lock" }
    var socketNote: String { "\(path)/socket" }
    var cgroupNote: String { "\(path)/cgroups" }

    var journal: String { "\(path)/journal" }

    func gate(_ job: String) -> String { "\(folder(ofJob: job))/gate" }

    /// How that job ended, as its node noted; nil when it had not ended, or is forgotten.
    public func storedExit(ofJob job: String) -> JobExit? { JobJournal.read(journal)[job]?.exit }

    /// Lets go of the lock. Unlocked, not only closed: a process that is being spawned on another thread has a copy until its exec.
    static func release(_ lock: Int32) {
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// Takes the lock of the folder for as long as the descriptor is open; nil when another process has it.
    func takeLock() throws(FileError) -> Int32? {
        let descriptor = open(lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw FileError("open", lock) }
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 { return descriptor }
        close(descriptor)
        return nil
    }

    /// Whether a job may have that name: it becomes the name of a folder.
    static func isJobName(_ job: String) -> Bool {
        let allowed = job.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
        return allowed && !job.hasPrefix(".") && (1...jobNameBytesMax).contains(job.utf8.count)
    }

    static let jobNameBytesMax = 128
}
