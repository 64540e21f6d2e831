import Glibc
import ProcessSpawn

// The other nodes of a state folder. All nodes' jobs have their folders in one place, and a job that was lost with one node may be run
// again on another: what a job's processes carry does not tell whose they are, only what they descend from does.
extension NodeFolder {
    /// Writes into the lock which process holds it: the pid and when it started, as a pid may be another's later.
    func sign(_ lock: Int32) throws(FileError) {
        guard let start = processStartTime(getpid()) else { throw FileError("find this process for", path, ESRCH) }
        let line = Array("\(getpid()) \(start)\n".utf8)
        guard ftruncate(lock, 0) == 0 else { throw FileError("write", self.lock) }
        let failure = line.withUnsafeBytes { Files.writeAll($0, lock) }
        guard failure == 0 else { throw FileError("write", self.lock, failure) }
    }

    /// Those of these processes that no living node beside this one has.
    ///
    /// The strays of a dead node do not count among them: the system gave them to an ancestor of it.
    func withoutNeighbours(_ processes: [ProcessEntry]) -> [ProcessEntry] {
        guard !processes.isEmpty else { return [] }
        // Looked for after the processes: one that started in between has none of them.
        let neighbours = livingNeighbours()
        return neighbours.isEmpty ? processes : processes.filter { !descends($0, from: neighbours) }
    }

    private func livingNeighbours() -> Set<ProcessIdentity> {
        guard let slash = path.lastIndex(of: "/") else { return [] }
        let folders = path[..<slash]
        let others = Files.names(in: String(folders)).filter { $0 != name }
        return Set(others.compactMap { Files.read("\(folders)/\($0)/lock").flatMap(livingHolder) })
    }

    private func livingHolder(_ note: [UInt8]) -> ProcessIdentity? {
        let words = String(decoding: note, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let pid = Int32(words[0]), let start = UInt64(words[1]), let entry = processEntry(pid) else { return nil }
        return entry.startTime == start && !entry.hasEnded ? entry.identity : nil
    }

    /// Asked of the system step by step: in a list that was read while parents died, a line may be broken. A step that leads nowhere means
    /// that somebody has another parent by now.
    private func descends(_ process: ProcessEntry, from nodes: Set<ProcessIdentity>) -> Bool {
        for _ in 0..<Self.walksMax {
            guard let start = processEntry(process.pid), start.startTime == process.startTime else { return false }
            var current = start
            while let parent = parent(of: current) {
                if nodes.contains(parent.identity) { return true }
                current = parent
            }
            if current.parent <= 1 { return false }
        }
        return false
    }

    /// Nil too where that pid is a later process's by now: nobody is younger than its child.
    private func parent(of process: ProcessEntry) -> ProcessEntry? {
        guard process.parent > 1, let parent = processEntry(process.parent), parent.startTime <= process.startTime else { return nil }
        return parent
    }

    private static let walksMax = 100
}
