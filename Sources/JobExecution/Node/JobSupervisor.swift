import Glibc
import ProcessSpawn

/// Owns the jobs: starts them, signals their trees, reaps and measures them, and notes each step in the node's folder before it tells it.
final class JobSupervisor {
    private let journal: JobJournal
    private let launcher: JobLauncher
    private var measures = Measures()
    private let children = ChildList()
    private let warm: WarmInterpreters
    private var trees: JobTrees
    private let confiner: Confiner
    private var watch: JobWatch
    private var running: [String: RunningJob] = [:]
    private var jobsByMain: [Int32: String] = [:]
    /// What ends from now on does so because the node was told to end, by somebody other than the engine: its end is neither noted nor
    /// told, so that it is lost with the node.
    var losesJobs = false
    private var slots = Int.max
    /// Launched, and not started for want of a slot, of descriptors or of room on the disk; in order. Not noted: whoever takes over an engine or a node launches them again.
    private var waiting: [JobLaunch] = []
    /// The disk was full: until then nothing is started.
    private(set) var nextStart: Double?
    private var openedGates: [OpenedGate] = []
    private var replies: [NodeReply] = []

    /// A tree that grows while it is told to end is looked over again. TERM only asks, and one who ignores it must not keep the node busy.
    private static let looksMax: [JobSignal: Int] = [.terminate: 3, .kill: 100]
    /// Of very many that start at once not all live until they are looked after, and to try for more takes its time.
    private static let promisedDescriptorsMax = 64
    /// A full disk is tried again this often.
    private static let fullDiskSeconds = 0.25
    /// After so many ends it is somebody else's turn.
    private static let endsAtOnceMax = 256

    /// - Throws: `FileError` when the node's notes cannot be read and written.
    init(folder: NodeFolder, accounting: Accounting) throws(FileError) {
        warm = WarmInterpreters(folder: folder)
        trees = JobTrees(folder: folder, warm: warm)
        watch = JobWatch(folder: folder)
        confiner = Confiner(folder: folder, accounting: accounting)
        journal = try JobJournal(path: folder.journal)
        launcher = try JobLauncher(folder: folder, journal: journal, confiner: confiner, warm: warm)
    }

    /// When no job runs any more. What the node still has for children, interpreters and what they made ahead, ends here and not at some time after it.
    func close() {
        while let left = children.pids(), !left.isEmpty {
            for pid in left { kill(pid, SIGKILL) }
            for pid in left { _ = reap(pid: pid, blocking: true) }
        }
        confiner.close()
    }

    var hasRunningJobs: Bool { !running.isEmpty || !waiting.isEmpty }

    /// What is to be told to the engine since the last time. Without an engine it is dropped: the folder and `report` have it.
    func takeReplies() -> [NodeReply] {
        defer { replies.removeAll(keepingCapacity: true) }
        return replies
    }

    // MARK: requests

    /// Runs the job, or, if it was launched before, only tells what became of it.
    func launch(_ launch: JobLaunch) {
        let job = launch.job
        if let known = running[job] { return tellStarted(known) }
        if waiting.contains(where: { $0.job == job }) { return }
        if let noted = journal.jobs[job] { return tell(job, noted.exit ?? lostWithEarlierNode()) }
        waiting.append(launch)
        startWaiting()
    }

    /// Whether a job waits here for every slot.
    var canGoOn: Bool { waiting.count >= slots }

    func limit(slots: Int) {
        self.slots = max(1, slots)
        startWaiting()
    }

    /// Starts what there is room for, in order: nothing overtakes what waits. On a full disk a launch waits until there is room; without
    /// descriptors for the end of another job, and where none runs it fails with the reason, as waiting would be of no use.
    private func startWaiting() {
        if let again = nextStart {
            guard Clock.monotonicSeconds() >= again else { return }
            nextStart = nil
        }
        while running.count < slots, !waiting.isEmpty, running.isEmpty || hasDescriptors() {
            let launch = waiting.removeFirst()
            if start(launch) { continue }
            waiting.insert(launch, at: 0)
            return
        }
    }

    private func hasDescriptors() -> Bool {
        // What those that run will take when they are first looked after: their two streams are watched.
        let promised = min(Self.promisedDescriptorsMax, 2 * running.values.count { $0.log == nil })
        return launcher.hasDescriptors(besideJobs: running.count, promised: promised)
    }

    /// - Returns: false when it is to be tried again.
    private func start(_ launch: JobLaunch) -> Bool {
        let job = launch.job
        do throws(LaunchRefusal) {
            let started = try launcher.start(launch)
            running[job] = started
            jobsByMain[started.process.pid] = job
            trees.add(main: started.process.pid, job: job)
            watch.add(job)
            tellStarted(started)
        } catch {
            switch error {
            case .lacking(let lack) where lack.isOfAFullDisk:
                nextStart = Clock.monotonicSeconds() + Self.fullDiskSeconds
                return false
            case .lacking where !running.isEmpty: return false
            case .lacking(let lack): end(job, .launchFailure(lack.description, atMilliseconds: Clock.millisecondsSince1970()))
            case .failed(let message): end(job, .launchFailure(message, atMilliseconds: Clock.millisecondsSince1970()))
            case .notAJob(let message): replies.append(.launchFailed(job: job, message: message))
            }
        }
        return true
    }

    func signal(job: String, _ signal: JobSignal) {
        if let place = waiting.firstIndex(where: { $0.job == job }) {
            waiting.remove(at: place)
            replies.append(.launchFailed(job: job, message: "it was told to end before it was started"))
            return
        }
        guard let known = running[job] else { return }
        let number = signal == .kill ? SIGKILL : SIGTERM
        var reached: Set<ProcessIdentity> = []
        for _ in 0..<(Self.looksMax[signal] ?? 1) {
            let living = Self.members(of: known, &trees, allProcesses()).filter { !$0.hasEnded }
            let fresh = living.filter { reached.insert($0.identity).inserted }
            if fresh.isEmpty { return }
            for process in fresh { signalProcess(pid: process.pid, startTime: process.startTime, signal: number) }
        }
    }

    func signalAll(_ signal: JobSignal) {
        for job in running.keys.sorted() { self.signal(job: job, signal) }
    }

    /// Drops what waits for a slot without a word: it never began, and whoever takes over launches it again.
    func dropWaiting() { waiting.removeAll() }

    func openGate(job: String) {
        guard let known = running[job], let gate = known.gate else { return }
        known.gate = nil
        if let opened = gate.openGate() { openedGates.append(opened) }
    }

    func report() -> [NodeReportEntry] {
        let live = running.values.map { NodeReportEntry(job: $0.job, state: .running(pid: $0.process.pid, startTime: $0.process.startTime)) }
        let over = journal.jobs.compactMap { job, noted in
            running[job] == nil ? NodeReportEntry(job: job, state: noted.exit.map { .ended($0) } ?? .lost) : nil
        }
        let queued = waiting.map { NodeReportEntry(job: $0.job, state: .queued) }
        return (live + queued + over).sorted { $0.job < $1.job }
    }

    func forget(job: String) {
        guard running[job] == nil, journal.jobs[job] != nil else { return }
        note(.forgotten(job: job))
    }

    // MARK: timers

    var nextPoke: Double? { openedGates.first?.pokeAt }

    func pokeOpenedGates() {
        while let first = openedGates.first, Clock.monotonicSeconds() >= first.pokeAt {
            first.poke()
            openedGates.removeFirst()
        }
    }

    /// When a running job is to be looked at.
    var nextLook: Double? { watch.next(running) }

    /// Looks after the jobs that have lived for a while, and ends those that are beyond a bound.
    func lookAfterJobs() {
        let now = Clock.monotonicSeconds()
        guard let next = nextLook, next <= now else { return }
        learnOrphans()
        var processes: [ProcessEntry]?
        let beyond = watch.look(at: now, running) { known in
            let all = processes ?? allProcesses()
            processes = all
            return Self.members(of: known, &trees, all).filter { !$0.hasEnded }.map(\.pid)
        }
        for (known, hit) in beyond {
            known.boundHit = hit
            signal(job: known.job, .kill)
        }
    }

    /// Beside other jobs, a daemon that has left its job is only known by its session once it has ended.
    private func learnOrphans() {
        guard running.count > 1 else { return }
        for pid in children.pids() ?? [] where !trees.isMain(pid) && !warm.ownsNewcomer(pid) { trees.learn(orphan: pid) }
    }

    // MARK: ends

    /// Collects children that have ended, and starts what waited for that.
    /// - Returns: whether there may be more.
    func reapEnded() -> Bool {
        // Behind it all: only then are the descriptors free that an ended job had.
        defer { startWaiting() }
        for _ in 0..<Self.endsAtOnceMax {
            guard let pid = endedChild() else { return false }
            if let job = jobsByMain[pid], let known = running[job] {
                finish(known)
            } else {
                reapOrphan(pid)
            }
        }
        return true
    }

    private func reapOrphan(_ pid: Int32) {
        if warm.reapIfOwn(pid) { return }
        let owner = trees.owner(ofEnded: pid).flatMap { running[$0] }
        let account = owner.flatMap { _ in ByteAccount(pid: pid) }
        let bytes = account?.count()
        account?.close()
        guard let report = reap(pid: pid, blocking: false) else { return }
        owner?.add(orphan: report, bytes: bytes)
    }

    /// The main process has ended. Until it is reaped, its pid and session can be nobody else's, so the rest of the tree is ended first.
    private func finish(_ known: RunningJob) {
        let pid = known.process.pid
        let end = Clock.monotonicSeconds()
        if hasOrphans() { killRest(of: known) }
        let bytes = known.mainBytes()
        let report = reap(pid: pid, blocking: true)
        known.gate?.drop()
        running[known.job] = nil
        jobsByMain[pid] = nil
        trees.remove(main: pid, job: known.job)
        if running.isEmpty, hasOrphans() { killStrays() }
        var exit = known.exit(main: report, bytes: bytes, at: end, measures: &measures)
        watch.finish(known, &exit)
        self.end(known.job, exit)
        confiner.release(known.group)
    }

    /// Whether the node has children that are no main process: one system call on the common path. Without the system's list, perhaps.
    private func hasOrphans() -> Bool { children.pids()?.contains { !trees.isMain($0) && !warm.ownsNewcomer($0) } ?? true }

    private func killRest(of known: RunningJob) {
        known.killedDescendants += killUntilNone { trees, processes in
            Self.members(of: known, &trees, processes).filter { $0.pid != known.process.pid }
        }
    }

    /// Its processes, as the trees tell, and as its cgroup does: that one knows them whatever they did.
    private static func members(of known: RunningJob, _ trees: inout JobTrees, _ processes: [ProcessEntry]) -> [ProcessEntry] {
        let found = trees.members(ofJob: known.job, among: processes)
        guard let group = known.group else { return found }
        let missing = Set(group.pids()).subtracting(found.map(\.pid))
        return missing.isEmpty ? found : found + processes.filter { missing.contains($0.pid) }
    }

    /// No job runs, so whatever is left is nobody's.
    private func killStrays() { _ = killUntilNone { trees, processes in trees.descendants(among: processes) } }

    /// Kills and reaps what `select` names, again and again until it names nothing: a dying parent hands its children to the node.
    /// - Returns: how many were killed.
    private func killUntilNone(_ select: (inout JobTrees, [ProcessEntry]) -> [ProcessEntry]) -> Int32 {
        var killing = Killing()
        while true {
            let left = select(&trees, allProcesses())
            if left.isEmpty { break }
            for process in left where process.hasEnded && process.parent == getpid() { reapOrphan(process.pid) }
            guard killing.kill(left.filter { !$0.hasEnded }) else {
                NodeLog.write("\(left.count) processes are left that cannot be killed")
                break
            }
        }
        return Int32(killing.count)
    }

    /// Notes the end, then tells it.
    private func end(_ job: String, _ exit: JobExit) {
        guard !losesJobs else { return }
        note(.ended(job: job, exit))
        tell(job, exit)
    }

    private func note(_ step: JournalStep) {
        do throws(FileError) { try journal.note(step) } catch { NodeLog.write(error.description) }
    }

    private func tell(_ job: String, _ exit: JobExit) {
        replies.append(exit.launchError.map { .launchFailed(job: job, message: $0) } ?? .exited(job: job, exit))
    }

    private func tellStarted(_ known: RunningJob) {
        replies.append(.started(job: known.job, pid: known.process.pid, startTime: known.process.startTime))
    }

    private func lostWithEarlierNode() -> JobExit {
        .launchFailure("it was launched by an earlier node and is not run again", atMilliseconds: Clock.millisecondsSince1970())
    }
}
