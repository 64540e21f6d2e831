import Foundation
import JobHistory
import PlatformEngine
import PlatformServer
import Simulation

/// Removes old jobs from a state folder that no server has: their rows, their events and their folders.
public struct HistoryPrune: Sendable {
    /// What was removed, or would be.
    public struct Outcome: Sendable, Encodable {
        public var isRehearsal: Bool
        /// Jobs that ended before this went.
        public var endedBefore: String
        public var jobs: Int
        public var events: Int
        /// Jobs that ended before it too, and stay for now.
        public var kept: Int
        public var folders: Int
        public var folderBytes: Int64
        /// Folders that could not be removed, and why the first could not.
        public var foldersLeft: Int
        public var reason: String?
        public var databaseBytes: Int64

        enum CodingKeys: String, CodingKey {
            case jobs, events, kept, folders, reason
            case isRehearsal = "dry_run"
            case endedBefore = "ended_before"
            case folderBytes = "folder_bytes"
            case foldersLeft = "folders_left"
            case databaseBytes = "database_bytes"
        }
    }

    private let state: String
    private let cutoff: Timestamp

    /// - Parameter age: how long ago a job ended at least.
    public init(state: String, olderThan age: Duration, now: Date = Date()) {
        self.state = state
        cutoff = Timestamp(now).before(age)
    }

    /// - Parameters:
    ///   - isRehearsal: only says what would be removed.
    ///   - progress: told how many events of how many were looked at.
    /// - Throws: ``UsageError``, `EngineError` (`inUse` while a server runs), `HistoryError`.
    public func run(isRehearsal: Bool, progress: (Int, Int) -> Void = { _, _ in }) throws -> Outcome {
        let path = try StoredHistory.path(state: state)
        let lock = try StateFolderLock(stateFolder: state)
        defer { lock.release() }
        let history = try JobHistory(path: path, durability: .full)
        let folders = JobFolders(state: state)
        var found = JobFolders.Removed()
        let pruned = try history.prune(
            endedBefore: cutoff, isRehearsal: isRehearsal,
            onJob: { job in
                guard isRehearsal, let bytes = folders.bytes(of: job) else { return }
                found.folders += 1
                found.bytes += bytes
            }, progress: progress)
        // Only now, so that no job is without its folder; what a crash leaves here is removed by the next prune.
        if !isRehearsal { found = try folders.removeUnknown(to: history) }
        try history.close()
        return Outcome(
            isRehearsal: isRehearsal, endedBefore: cutoff.rfc3339, jobs: pruned.jobs, events: pruned.events, kept: pruned.kept,
            folders: found.folders, folderBytes: found.bytes, foldersLeft: found.left, reason: found.reason,
            databaseBytes: pruned.databaseBytes)
    }
}
