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
    /// A job of it may be run again on another node by now: what descends from a living node is spared.
    ///
    /// It blocks until those processes are gone. It changes no file; `forget` does, once the history has the outcome.
    /// - Throws: `FileError` when a node is alive on the folder, or a process does not die.
    public func reconcile() throws(FileError) -> Reconciliation {
        guard let lock = try takeLock() else { throw FileError("reconcile under a living node", path, EBUSY) }
        defer { NodeFolder.release(lock) }
        var result = Reconciliation()
        let jobs = JobJournal.read(journal)
        result.killed = try killLeftovers(of: jobs)
        result.killed += CgroupRoom.clear(self)
        result.jobs = jobs.sorted { $0.key < $1.key }.map { .init(job: $0.key, outcome: $0.value.exit.map { .ended($0) } ?? .lost) }
        return result
    }

    /// Kills all that is there, and looks again, until nothing is: what forks fast must not outrun it.
    private func killLeftovers(of jobs: [String: JobJournal.Job]) throws(FileError) -> Int {
        var killing = Killing()
        // A process that forks after the look has passed, and then ends before it is asked what it belongs to, hides its child from that look.
        var emptyLooks = jobs.isEmpty ? Self.emptyLooksNeeded : 0
        while emptyLooks < Self.emptyLooksNeeded {
            let left = withoutNeighbours(liveProcesses(of: jobs))
            emptyLooks = left.isEmpty ? emptyLooks + 1 : 0
            if left.isEmpty { poll(nil, 0, Self.lookPauseMilliseconds) }
            guard killing.kill(left) else { throw FileError("kill all processes below", self.jobs, EBUSY) }
        }
        return killing.count
    }

    private static let emptyLooksNeeded = 3
    private static let lookPauseMilliseconds: Int32 = 5
}
