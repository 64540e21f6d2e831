import Glibc
import ProcessSpawn

/// The node's own group in each hierarchy, with those of its jobs in it. Made when the first job needs one, and noted in the node's folder,
/// so that those of a dead node can be found.
final class CgroupRoom {
    private let folder: NodeFolder
    private var place: CgroupPlace?
    private var hasLooked = false
    /// Groups that could not be removed yet.
    private var left: [JobCgroup] = []

    private static let prefix = "windtunnel-"
    private static let jobPrefix = "job-"

    init(folder: NodeFolder) { self.folder = folder }

    /// A group for the job; nil where this machine lets us make none.
    func make(job: String, bounds: JobBounds) -> JobCgroup? {
        guard let place = ownPlace() else { return nil }
        removeLeft()
        do throws(FileError) {
            return try JobCgroup(in: place, name: Self.jobPrefix + job, bounds: bounds)
        } catch {
            NodeLog.write("\(error); job \(job) goes on without a cgroup")
            return nil
        }
    }

    /// Removes a group whose processes have ended: now, or when the system lets go of it.
    func remove(_ group: JobCgroup) { if !group.remove() { left.append(group) } }

    /// At the end of the node.
    func close() {
        removeLeft()
        guard let place else { return }
        for hierarchy in place.hierarchies { rmdir(hierarchy.path) }
        unlink(folder.cgroupNote)
    }

    private func removeLeft() { if !left.isEmpty { left.removeAll { $0.remove() } } }

    private func ownPlace() -> CgroupPlace? {
        if hasLooked { return place }
        hasLooked = true
        guard var found = CgroupPlace.find() else { return nil }
        let name = Self.prefix + String(SocketAddress.hash(folder.path), radix: 36)
        for index in found.hierarchies.indices { found.hierarchies[index].path += "/" + name }
        let paths = found.hierarchies.map(\.path)
        do throws(FileError) {
            // Noted first: what is there and not noted would be there for good.
            try Files.replace(folder.cgroupNote, with: Array(paths.joined(separator: "\n").utf8))
            for path in paths {
                guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError("create the cgroup", path) }
            }
            if found.isVersion2, let hierarchy = found.hierarchies.first {
                let wanted = hierarchy.controllers.map { "+\($0)" }.joined(separator: " ")
                try Files.write(Array(wanted.utf8), toExisting: hierarchy.path + "/cgroup.subtree_control")
            }
            place = found
        } catch {
            NodeLog.write("\(error); jobs go on without cgroups")
        }
        return place
    }

    // MARK: what a dead node left

    /// Ends what is in the groups that the node of the folder had made, and removes them.
    /// - Returns: how many processes were killed.
    static func clear(_ folder: NodeFolder) -> Int {
        guard let note = Files.read(folder.cgroupNote) else { return 0 }
        var killing = Killing()
        for path in String(decoding: note, as: UTF8.self).split(separator: "\n").map({ String($0) }) {
            guard let name = path.split(separator: "/").last, name.hasPrefix(prefix), path.hasPrefix("/") else { continue }
            for job in Files.names(in: path) where job.hasPrefix(jobPrefix) { clear("\(path)/\(job)", &killing) }
            rmdir(path)
        }
        return killing.count
    }

    private static func clear(_ group: String, _ killing: inout Killing) {
        while true {
            let living = JobCgroup.pids(in: group).compactMap { processEntry($0) }.filter { !$0.hasEnded }
            if living.isEmpty || !killing.kill(living) { break }
        }
        // A process that has just been reaped by another may still count for a moment.
        for _ in 0..<removeTriesMax where rmdir(group) != 0 && errno == EBUSY { poll(nil, 0, removePauseMilliseconds) }
    }

    private static let removeTriesMax = 50
    private static let removePauseMilliseconds: Int32 = 2
}
