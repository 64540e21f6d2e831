import Glibc
import ProcessSpawn

/// Looks after the jobs that have lived for a while: their output, and the bounds that the system does not see to. A job that ends before its
/// first look costs nothing here.
struct JobWatch {
    /// At this age a job is looked at for the first time, and then again and again.
    static let lookSeconds = 0.05
    static let memorySeconds = 0.1
    static let diskSeconds = 0.25
    /// With very many jobs they are looked at less often, so that it stays within a small part of a processor.
    private static let secondsPerJob = 0.000_1
    /// A walk over a folder goes on in parts of so many entries.
    private static let entriesAtOnce = 1000
    /// Walks of one job take at most this part of the time.
    private static let walkShare = 0.1

    private let folder: NodeFolder
    /// Started, and not looked at yet; in order.
    private var young: [String] = []
    private var watched: [String] = []
    private var nextLook = 0.0

    init(folder: NodeFolder) { self.folder = folder }

    mutating func add(_ job: String) { young.append(job) }

    /// When it has something to do.
    mutating func next(_ running: [String: RunningJob]) -> Double? {
        while let first = young.first, running[first] == nil { young.removeFirst() }
        let first = young.first.flatMap { running[$0] }.map { $0.startedAt + Self.lookSeconds }
        guard !watched.isEmpty else { return first }
        return min(nextLook, first ?? nextLook)
    }

    /// Looks at whatever it is time for.
    /// - Parameter members: the pids of a job's processes.
    /// - Returns: the jobs that are beyond a bound, each time anew until they have ended.
    mutating func look(
        at now: Double, _ running: [String: RunningJob], members: (RunningJob) -> [Int32]
    ) -> [(job: RunningJob, hit: BoundHit)] {
        if young.isEmpty, watched.isEmpty || now < nextLook { return [] }
        while let first = young.first {
            guard let job = running[first] else {
                young.removeFirst()
                continue
            }
            guard now >= job.startedAt + Self.lookSeconds else { break }
            young.removeFirst()
            watched.append(first)
            nextLook = min(nextLook, now)
        }
        guard !watched.isEmpty, now >= nextLook else { return [] }
        watched.removeAll { running[$0] == nil }
        nextLook = now + max(Self.lookSeconds, Double(watched.count) * Self.secondsPerJob)
        return watched.compactMap { name in
            guard let job = running[name] else { return nil }
            return look(at: job, now, members).map { (job, $0) }
        }
    }

    private mutating func look(at job: RunningJob, _ now: Double, _ members: (RunningJob) -> [Int32]) -> BoundHit? {
        if job.log == nil { job.log = LogWatch(folder: folder, job: job.job, limit: job.bounds.logBytes) }
        job.log?.look()
        if let hit = job.boundHit { return hit }
        if let bound = job.bounds.memoryBytes {
            if let group = job.group {
                if group.ranOutOfMemory() { return .memory }
            } else if now >= job.nextMemoryLook {
                job.nextMemoryLook = now + Self.memorySeconds
                let bytes = TreeMemory.bytes(of: members(job), above: min(bound, job.sampledPeakBytes))
                job.sampledPeakBytes = max(job.sampledPeakBytes, bytes)
                if bytes > bound { return .memory }
            }
        }
        return job.bounds.diskBytes.flatMap { lookAtDisk(of: job, bound: $0, now) }
    }

    private mutating func lookAtDisk(of job: RunningJob, bound: Int64, _ now: Double) -> BoundHit? {
        guard job.walk != nil || now >= job.nextDiskLook else { return nil }
        let walk = job.walk ?? DiskWalk(folder.folder(ofJob: job.job), streams: job.log?.streams)
        let isOver = walk.go(on: Self.entriesAtOnce)
        job.walk = isOver ? nil : walk
        job.walkSeconds += Clock.monotonicSeconds() - now
        if walk.bytes > bound { return .disk }
        if isOver {
            job.nextDiskLook = now + max(Self.diskSeconds, job.walkSeconds / Self.walkShare)
            job.walkSeconds = 0
        } else {
            nextLook = min(nextLook, now + Self.lookSeconds / 2)
        }
        return nil
    }

    // MARK: at the end

    /// The last look, when nothing of the job runs any more.
    /// - Parameters:
    ///   - exit: as measured; whatever bound it was beyond is noted in it.
    func finish(_ job: RunningJob, _ exit: inout JobExit) {
        if job.log == nil, let limit = job.bounds.logBytes, exit.writtenBytes ?? 0 > limit {
            job.log = LogWatch(folder: folder, job: job.job, limit: limit)
        }
        job.log?.look()
        exit.boundHit = job.boundHit ?? memoryHit(job, exit) ?? job.bounds.diskBytes.flatMap { diskHit(job, exit, bound: $0) }
    }

    private func memoryHit(_ job: RunningJob, _ exit: JobExit) -> BoundHit? {
        guard let bound = job.bounds.memoryBytes else { return nil }
        if let group = job.group { return group.ranOutOfMemory() ? .memory : nil }
        // It was over before it could be seen. What a fork inherits would count as its own here.
        return job.ownsItsPeak && exit.maxRSSBytes ?? 0 > bound ? .memory : nil
    }

    private func diskHit(_ job: RunningJob, _ exit: JobExit, bound: Int64) -> BoundHit? {
        let walk = DiskWalk(folder.folder(ofJob: job.job), streams: job.log?.streams)
        while walk.bytes <= bound, !walk.go(on: Self.entriesAtOnce) {}
        return walk.bytes > bound || exit.signal == SIGXFSZ ? .disk : nil
    }
}
