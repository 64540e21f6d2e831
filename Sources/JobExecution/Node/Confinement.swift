import ProcessSpawn

/// How jobs are measured and bounded.
public enum Accounting: String, Sendable, Hashable, CaseIterable {
    /// By a cgroup where a job has a bound of memory or processors and the machine lets us make one, else by what the system tells of processes.
    /// A cgroup knows a tree's memory exactly, and costs each job about half a millisecond.
    case auto
    /// By a cgroup for every job, where the machine lets us make one.
    case cgroup
    /// Never by a cgroup.
    case wait4
}

/// What a job is put into before it runs.
struct Confinement {
    var group: JobCgroup?
    /// Empty is all.
    var processors: [Int32] = []
    var limits: [ResourceLimit] = []
}

/// Finds for each job how its bounds are to be kept.
final class Confiner {
    private let accounting: Accounting
    private let room: CgroupRoom
    private let processors = ownProcessors()
    private var nextProcessor = 0

    /// One file can grow so far beyond a bound of the disk while a folder of very many files is looked through. The system's limit holds for
    /// the job's streams too, which grow beyond what is kept of them until they are looked at, and no job shall notice that.
    private static let fileRoomBytes: UInt64 = 8 << 30

    init(folder: NodeFolder, accounting: Accounting) {
        self.accounting = accounting
        room = CgroupRoom(folder: folder)
    }

    func confine(_ launch: JobLaunch) -> Confinement {
        var confinement = Confinement()
        if let bytes = launch.bounds.diskBytes {
            let most = UInt64(max(0, bytes, launch.bounds.logBytes ?? 0))
            confinement.limits.append(ResourceLimit(.fileSizeBytes, most + Self.fileRoomBytes))
        }
        var bounds = launch.bounds
        // More than there is bounds nothing.
        if let cpus = bounds.cpus, !(cpus > 0 && cpus < Double(processors.count)) { bounds.cpus = nil }
        if wantsGroup(bounds) { confinement.group = room.make(job: launch.job, bounds: bounds) }
        if let cpus = bounds.cpus, confinement.group?.limitsProcessors != true { confinement.processors = next(Int(cpus.rounded(.up))) }
        return confinement
    }

    func release(_ group: JobCgroup?) { if let group { room.remove(group) } }

    func close() { room.close() }

    private func wantsGroup(_ bounds: JobBounds) -> Bool {
        switch accounting {
        case .auto: bounds.memoryBytes != nil || bounds.cpus != nil
        case .cgroup: true
        case .wait4: false
        }
    }

    /// In turn, so that jobs of one processor do not all share the first.
    private func next(_ count: Int) -> [Int32] {
        guard count < processors.count else { return [] }
        defer { nextProcessor = (nextProcessor + count) % processors.count }
        return (0..<count).map { processors[(nextProcessor + $0) % processors.count] }
    }
}
