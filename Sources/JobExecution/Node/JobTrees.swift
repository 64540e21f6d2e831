import Glibc
import ProcessSpawn

/// Tells which job a process below the node belongs to.
///
/// The node inherits every orphan, so all processes of all jobs descend from it. A process belongs to the job of the main process that it
/// descends from; an orphan to the job whose session it is in, whose mark its environment carries, or whose folder it is at work in; one
/// without all of these to the only job that runs, if there is but one. Where several run, nobody can tell: such a stray ends with the last of them.
struct JobTrees {
    /// By pid of the main process.
    private var mains: [Int32: String] = [:]
    /// By number; learned whenever a tree is looked over.
    private var sessions: [Int32: String] = [:]
    private let node = getpid()
    private let jobsFolder: [UInt8]
    private let warm: WarmInterpreters

    /// - Parameter warm: the interpreters below the node, which are nobody's.
    init(folder: NodeFolder, warm: WarmInterpreters) {
        jobsFolder = Array((folder.jobs + "/").utf8)
        self.warm = warm
    }

    mutating func add(main: Int32, job: String) {
        mains[main] = job
        sessions[main] = job
    }

    mutating func remove(main: Int32, job: String) {
        mains[main] = nil
        sessions = sessions.filter { $0.value != job }
    }

    func isMain(_ pid: Int32) -> Bool { mains[pid] != nil }

    /// Every process of the job, its main one included, dead ones included.
    mutating func members(ofJob job: String, among processes: [ProcessEntry]) -> [ProcessEntry] {
        let byPid = Dictionary(processes.map { ($0.pid, $0) }) { first, _ in first }
        let members = processes.filter { owner(of: $0, byPid) == job }
        for member in members where member.session != node && sessions[member.session] == nil { sessions[member.session] = job }
        return members
    }

    /// Every process below the node.
    func descendants(among processes: [ProcessEntry]) -> [ProcessEntry] {
        let byPid = Dictionary(processes.map { ($0.pid, $0) }) { first, _ in first }
        return processes.filter { line(of: $0, byPid) != nil }
    }

    /// Learns whose session a living orphan is in: once it has ended, that is all there is to tell it by.
    mutating func learn(orphan: Int32) {
        guard let entry = processEntry(orphan), entry.session != node, sessions[entry.session] == nil else { return }
        sessions[entry.session] = owner(of: entry, [entry.pid: entry])
    }

    /// The job of an orphan that has ended, whose environment is gone.
    func owner(ofEnded orphan: Int32) -> String? {
        guard let entry = processEntry(orphan) else { return nil }
        return sessions[entry.session] ?? onlyJob
    }

    private var onlyJob: String? { mains.count == 1 ? mains.first?.value : nil }

    private func owner(of process: ProcessEntry, _ byPid: [Int32: ProcessEntry]) -> String? {
        guard let line = line(of: process, byPid), let top = line.last else { return nil }
        if let job = mains[top.pid] { return job }
        for ancestor in line {
            if let job = sessions[ancestor.session] { return job }
            if let mark = value(of: jobMarker, inEnvironment: processEnvironment(ancestor.pid)), mains.values.contains(mark) { return mark }
        }
        // In the middle of its `exec` a process has no environment; and it may have wiped it.
        return line.lazy.compactMap { jobAtWork($0) }.first ?? onlyJob
    }

    private func jobAtWork(_ process: ProcessEntry) -> String? {
        for link in processLinks(process.pid) where link.utf8.starts(with: jobsFolder) {
            let job = String(decoding: link.utf8.dropFirst(jobsFolder.count).prefix { $0 != UInt8(ascii: "/") }, as: UTF8.self)
            if mains.values.contains(job) { return job }
        }
        return nil
    }

    /// From the process up to the child of the node that it descends from; nil when it does not.
    private func line(of process: ProcessEntry, _ byPid: [Int32: ProcessEntry]) -> [ProcessEntry]? {
        var line = [process]
        var current = process
        while current.parent != node {
            guard let parent = byPid[current.parent], line.count <= byPid.count else { return nil }
            line.append(parent)
            current = parent
        }
        return warm.owns(current) ? nil : line
    }
}
