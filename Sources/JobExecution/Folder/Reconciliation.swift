import Glibc
import ProcessSpawn

/// What a dead node left behind.
public struct Reconciliation: Sendable, Hashable {
    public struct Job: Sendable, Hashable {
        public var job: String
        public var outcome: Outcome
    }

    public enum Outcome: Sendable, Hashable {
        /// It had ended before the node died.
        case ended(JobExit)
        /// It ran, or was about to, when the node died: nobody knows its exit, and nothing of it runs any more.
        case lost
    }

    /// Every job that was not forgotten, sorted by id.
    public var jobs: [Job] = []
    /// How many processes were still alive and were killed.
    public var killed = 0
}

extension NodeFolder {
    /// Ends what a dead node of this folder left running, and tells what became of each job that was not forgotten.
    ///
    /// It blocks until those processes are gone. It changes no file; `forget` does, once the history has the outcome.
    /// - Throws: `FileError` when a node is alive on the folder, or a process does not die.
    public func reconcile() throws(FileError) -> Reconciliation {
        guard let lock = try takeLock() else { throw FileError("reconcile under a living node", path, EBUSY) }
        defer { NodeFolder.release(lock) }
        var result = Reconciliation()
        for job in Files.names(in: jobs) where access(intent(job), F_OK) == 0 {
            result.killed += try killLeftovers(ofJob: job)
            result.jobs.append(.init(job: job, outcome: storedExit(ofJob: job).map { .ended($0) } ?? .lost))
        }
        return result
    }

    private func killLeftovers(ofJob job: String) throws(FileError) -> Int {
        var killed: Set<ProcessEntry> = []
        for _ in 0..<Self.killRoundsMax {
            let left = liveProcesses(ofJob: job)
            if left.isEmpty { return killed.count }
            for process in left { signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGKILL) }
            for process in left { _ = awaitEnd(pid: process.pid, startTime: process.startTime, milliseconds: Self.killWaitMilliseconds) }
            killed.formUnion(left)
        }
        throw FileError("kill all processes of job", job, EBUSY)
    }

    private static let killRoundsMax = 1000
    private static let killWaitMilliseconds: Int32 = 1000
}
