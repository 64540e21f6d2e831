import Glibc
import ProcessSpawn

/// The file in which a node notes what becomes of its jobs, each step before it is acted on or told.
///
/// Steps are only ever appended, in the framing of the protocol. What a crash leaves half written at the end does not count; the next node
/// begins with a file without it. Jobs that were forgotten leave the file when it is written anew: at the start, and when it has grown.
/// One file for all jobs, as it costs a job no inode: a file system may take much longer to create a file where others were just removed.
final class JobJournal {
    /// What is noted of one job that was launched and not forgotten.
    struct Job {
        /// The main process, once it was started.
        var main: ProcessIdentity?
        /// How it ended, once it did.
        var exit: JobExit?
    }

    /// As far as this node knows: also what could not be written.
    private(set) var jobs: [String: Job]
    private let path: String
    private var descriptor: Int32 = -1
    private var size = 0
    /// How large it was when it was last written anew.
    private var compactSize = 0

    private static let compactionBytesMin = 1 << 20
    private static let compactionGrowth = 4

    /// Opens the journal to be written, by the holder of the folder's lock alone.
    init(path: String) throws(FileError) {
        self.path = path
        jobs = Self.read(path)
        try compact()
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// What is noted in a journal, which another process may be writing.
    static func read(_ path: String) -> [String: Job] {
        var frames = FrameBuffer()
        (Files.read(path) ?? []).withUnsafeBytes { frames.append($0) }
        var jobs: [String: Job] = [:]
        // Nothing stands behind a step that is not whole.
        while let frame = try? frames.next(), let step = try? JournalStep(frame: frame) { step.apply(to: &jobs) }
        return jobs
    }

    /// - Throws: `FileError` when it could not be written; then this node alone knows it, and nobody a launch, which is not to begin.
    func note(_ step: JournalStep) throws(FileError) {
        step.apply(to: &jobs)
        let frame = step.frame()
        let failure = frame.withUnsafeBytes { Files.writeAll($0, descriptor) }
        guard failure == 0 else {
            if case .launched(let job) = step { jobs[job] = nil }
            // Later steps would be unreadable behind half a one.
            if ftruncate(descriptor, off_t(size)) != 0 { try compact() }
            throw FileError("write", path, failure)
        }
        size += frame.count
        if size > max(Self.compactionBytesMin, compactSize * Self.compactionGrowth) { compactIfPossible() }
    }

    private func compactIfPossible() {
        do throws(FileError) {
            try compact()
        } catch {
            NodeLog.write(error.description)
            compactSize = size
        }
    }

    /// Writes what is not forgotten to a new file in the old one's place: a reader sees all of either.
    private func compact() throws(FileError) {
        var bytes: [UInt8] = []
        for (name, job) in jobs.sorted(by: { $0.key < $1.key }) {
            bytes += JournalStep.launched(job: name).frame()
            if let main = job.main { bytes += JournalStep.started(job: name, main).frame() }
            if let exit = job.exit { bytes += JournalStep.ended(job: name, exit).frame() }
        }
        let draft = path + ".new"
        let fresh = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o600)
        guard fresh >= 0 else { throw FileError("create", draft) }
        let failure = bytes.withUnsafeBytes { Files.writeAll($0, fresh) }
        guard failure == 0, rename(draft, path) == 0 else {
            let error = FileError("replace", path, failure == 0 ? errno : failure)
            close(fresh)
            throw error
        }
        if descriptor >= 0 { close(descriptor) }
        descriptor = fresh
        (size, compactSize) = (bytes.count, bytes.count)
    }
}

/// One step in the life of a job, as its node notes it.
enum JournalStep {
    /// Noted before anything is done for the job. Whoever notes it runs the job; it is never run again.
    case launched(job: String)
    case started(job: String, ProcessIdentity)
    case ended(job: String, JobExit)
    /// The history has it.
    case forgotten(job: String)

    func frame() -> [UInt8] {
        var writer: WireWriter
        switch self {
        case .launched(let job):
            writer = WireWriter(type: 1)
            writer.put(job)
        case .started(let job, let main):
            writer = WireWriter(type: 2)
            writer.put(job)
            writer.put(main.pid)
            writer.put(main.startTime)
        case .ended(let job, let exit):
            writer = WireWriter(type: 3)
            writer.put(job)
            exit.write(to: &writer)
        case .forgotten(let job):
            writer = WireWriter(type: 4)
            writer.put(job)
        }
        return writer.frame()
    }

    init(frame: ArraySlice<UInt8>) throws(WireError) {
        var reader = WireReader(frame)
        switch try reader.byte() {
        case 1: self = .launched(job: try reader.text())
        case 2: self = .started(job: try reader.text(), ProcessIdentity(pid: try reader.int32(), startTime: try reader.uint64()))
        case 3: self = .ended(job: try reader.text(), try JobExit(from: &reader))
        case 4: self = .forgotten(job: try reader.text())
        case let type: throw WireError(description: "a step of unknown type \(type)")
        }
    }

    fileprivate func apply(to jobs: inout [String: JobJournal.Job]) {
        switch self {
        case .launched(let job): jobs[job] = JobJournal.Job()
        case .started(let job, let main): jobs[job, default: JobJournal.Job()].main = main
        case .ended(let job, let exit): jobs[job, default: JobJournal.Job()].exit = exit
        case .forgotten(let job): jobs[job] = nil
        }
    }
}
