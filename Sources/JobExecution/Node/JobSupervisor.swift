import Glibc
import ProcessSpawn

/// Owns the jobs: starts them, signals their trees, reaps and measures them, and notes each step in the node's folder before it tells it.
final class JobSupervisor {
    private let folder: NodeFolder
    private let launcher: JobLauncher
    private var measures = Measures()
    private let children = ChildList()
    private var trees = JobTrees()
    private var running: [String: RunningJob] = [:]
    private var jobsByMain: [Int32: String] = [:]
    private var ended: [String: JobExit] = [:]
    private var openedGates: [OpenedGate] = []
    private var replies: [NodeReply] = []

    /// A tree that grows while it is signalled is looked over again, up to so often.
    private static let roundsMax = 1000
    private static let killWaitMilliseconds: Int32 = 1000

    init(folder: NodeFolder) {
        self.folder = folder
        launcher = JobLauncher(folder: folder)
    }

    var hasRunningJobs: Bool { !running.isEmpty }

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
        if let exit = ended[job] { return tell(job, exit) }
        do throws(LaunchRefusal) {
            let started = try launcher.start(launch)
            running[job] = started
            jobsByMain[started.process.pid] = job
            trees.add(main: started.process.pid, job: job)
            tellStarted(started)
        } catch {
            switch error {
            case .launchedBefore: tell(job, folder.storedExit(ofJob: job) ?? lostWithEarlierNode())
            case .failed(let message): end(job, .launchFailure(message, atMilliseconds: Clock.millisecondsSince1970()))
            case .notAJob(let message): replies.append(.launchFailed(job: job, message: message))
            }
        }
    }

    func signal(job: String, _ signal: JobSignal) {
        guard running[job] != nil else { return }
        let number = signal == .kill ? SIGKILL : SIGTERM
        var reached: Set<ProcessEntry> = []
        for _ in 0..<Self.roundsMax {
            let members = trees.members(ofJob: job, among: allProcesses()).filter { !$0.hasEnded && !reached.contains($0) }
            if members.isEmpty { return }
            for member in members { signalProcess(pid: member.pid, startTime: member.startTime, signal: number) }
            reached.formUnion(members)
        }
    }

    func signalAll(_ signal: JobSignal) {
        for job in running.keys.sorted() { self.signal(job: job, signal) }
    }

    func openGate(job: String) {
        guard let known = running[job], let gate = known.gate else { return }
        known.gate = nil
        if let opened = gate.openGate() { openedGates.append(opened) }
    }

    func report() -> [NodeReportEntry] {
        let live = running.values.map { NodeReportEntry(job: $0.job, state: .running(pid: $0.process.pid, startTime: $0.startTime)) }
        let over = ended.map { NodeReportEntry(job: $0.key, state: .ended($0.value)) }
        return (live + over).sorted { $0.job < $1.job }
    }

    func forget(job: String) {
        guard running[job] == nil, NodeFolder.isJobName(job) else { return }
        ended[job] = nil
        folder.removeBookkeeping(ofJob: job)
    }

    // MARK: timers

    var nextPoke: Double? { openedGates.first?.pokeAt }

    func pokeOpenedGates() {
        while let first = openedGates.first, Clock.monotonicSeconds() >= first.pokeAt {
            first.poke()
            openedGates.removeFirst()
        }
    }

    // MARK: ends

    /// Collects every child that has ended.
    func reapEnded() {
        while let pid = endedChild() {
            if let job = jobsByMain[pid], let known = running[job] {
                finish(known)
            } else {
                reapOrphan(pid)
            }
        }
    }

    private func reapOrphan(_ pid: Int32) {
        let owner = trees.owner(ofEnded: pid).flatMap { running[$0] }
        guard let report = reap(pid: pid, blocking: false) else { return }
        owner?.add(orphan: report)
    }

    /// The main process has ended. Until it is reaped, its pid and session can be nobody else's, so the rest of the tree is ended first.
    private func finish(_ known: RunningJob) {
        let pid = known.process.pid
        let end = Clock.monotonicSeconds()
        if hasOrphans() { killRest(of: known) }
        let report = reap(pid: pid, blocking: true)
        known.gate?.drop()
        running[known.job] = nil
        jobsByMain[pid] = nil
        trees.remove(main: pid, job: known.job)
        if running.isEmpty, hasOrphans() { killStrays() }
        self.end(known.job, known.exit(main: report, at: end, measures: &measures))
    }

    /// Whether the node has children that are no main process: one system call on the common path. Without the system's list, perhaps.
    private func hasOrphans() -> Bool { children.pids()?.contains { !trees.isMain($0) } ?? true }

    private func killRest(of known: RunningJob) {
        killUntilEmpty { self.trees.members(ofJob: known.job, among: $0).filter { $0.pid != known.process.pid } } reaped: { count in
            known.killedDescendants += count
        }
    }

    /// No job runs, so whatever is left is nobody's.
    private func killStrays() { killUntilEmpty { self.trees.descendants(among: $0) } reaped: { _ in } }

    /// Kills and reaps what `select` names, again and again until it names nothing: a dying parent hands its children to the node.
    private func killUntilEmpty(_ select: ([ProcessEntry]) -> [ProcessEntry], reaped: (Int32) -> Void) {
        for _ in 0..<Self.roundsMax {
            let left = select(allProcesses())
            if left.isEmpty { return }
            let living = left.filter { !$0.hasEnded }
            for process in living { signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGKILL) }
            for process in living { _ = awaitEnd(pid: process.pid, startTime: process.startTime, milliseconds: Self.killWaitMilliseconds) }
            reaped(Int32(living.count))
            for process in left where process.parent == getpid() { reapOrphan(process.pid) }
        }
        NodeLog.write("processes are left that cannot be killed")
    }

    /// Notes the end, then tells it.
    private func end(_ job: String, _ exit: JobExit) {
        do throws(FileError) {
            try Files.replace(folder.exit(job), with: Array(exit.json().utf8))
        } catch {
            NodeLog.write(error.description)
        }
        ended[job] = exit
        tell(job, exit)
    }

    private func tell(_ job: String, _ exit: JobExit) {
        replies.append(exit.launchError.map { .launchFailed(job: job, message: $0) } ?? .exited(job: job, exit))
    }

    private func tellStarted(_ known: RunningJob) {
        replies.append(.started(job: known.job, pid: known.process.pid, startTime: known.startTime))
    }

    private func lostWithEarlierNode() -> JobExit {
        .launchFailure("it was launched by an earlier node and is not run again", atMilliseconds: Clock.millisecondsSince1970())
    }
}
