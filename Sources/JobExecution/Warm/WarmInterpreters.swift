import Glibc
import ProcessSpawn

/// The node's running interpreters, each for the launches that it can fork a process for. One comes up when it is first wanted; until it is
/// ready, and whenever it is gone, its launches are spawned.
final class WarmInterpreters {
    private let folder: NodeFolder
    /// The last one used is the last.
    private var zygotes: [Zygote] = []
    /// Interpreters and spares that were told to end, and are not reaped yet.
    private var retired: Set<Int32> = []
    private var failures: [WarmKey: Int] = [:]

    /// What asks for ever new ones must not fill the memory with them.
    private static let zygotesMax = 4
    /// An interpreter that so often did not come up is not tried again.
    private static let failuresMax = 3
    /// Its exit code when it cannot do it at all.
    private static let unfit: Int32 = 3

    init(folder: NodeFolder) { self.folder = folder }

    /// Forks what the request describes.
    /// - Returns: nil where it is to be spawned.
    func start(_ request: SpawnRequest) -> SpawnedProcess? {
        guard let request = WarmRequest(request), let zygote = zygote(for: request) else { return nil }
        switch zygote.fork(request) {
        case .started(let process): return process
        case .declined: return nil
        case .gone:
            retire(zygote)
            return nil
        }
    }

    /// Whether that child is an interpreter or waits to become a job, and so no job's.
    func owns(_ pid: Int32) -> Bool { retired.contains(pid) || zygotes.contains { $0.pid == pid || $0.sparePids.contains(pid) } }

    /// The same of a process as it is now: until it becomes a job, with a session of its own, a spare is in its interpreter's.
    func owns(_ process: ProcessEntry) -> Bool {
        owns(process.pid) || retired.contains(process.session) || zygotes.contains { $0.pid == process.session }
    }

    /// The same of a child that is not known yet: it may have been forked just now.
    func ownsNewcomer(_ pid: Int32) -> Bool { owns(pid) || zygotes.contains { $0.owesSpares && $0.hasSpare(pid) } }

    /// Reaps one that has ended.
    /// - Returns: false when that child is none.
    func reapIfOwn(_ pid: Int32) -> Bool {
        guard owns(pid) else { return false }
        let report = reap(pid: pid, blocking: false)
        retired.remove(pid)
        for zygote in zygotes { zygote.forget(spare: pid) }
        if let zygote = zygotes.first(where: { $0.pid == pid }) {
            zygote.look()
            retire(zygote)
            retired.remove(pid)
            if report?.ending == .code(Self.unfit) {
                failures[zygote.key] = Self.failuresMax
            } else if !zygote.isReady {
                failures[zygote.key, default: 0] += 1
            }
        }
        return true
    }

    private func zygote(for request: WarmRequest) -> Zygote? {
        if let place = zygotes.firstIndex(where: { $0.key == request.key }) {
            let zygote = zygotes.remove(at: place)
            zygotes.append(zygote)
            zygote.look()
            return zygote.isReady ? zygote : nil
        }
        guard failures[request.key, default: 0] < Self.failuresMax else { return nil }
        do throws(FileError) {
            zygotes.append(try Zygote(request, folder: folder))
        } catch {
            NodeLog.write(error.description)
            failures[request.key] = Self.failuresMax
        }
        if zygotes.count > Self.zygotesMax { retire(zygotes[0]) }
        return nil
    }

    /// Lets go of it and of its spares: where their connections end, they do too.
    private func retire(_ zygote: Zygote) {
        zygotes.removeAll { $0 === zygote }
        retired.formUnion([zygote.pid] + zygote.sparePids)
    }
}
