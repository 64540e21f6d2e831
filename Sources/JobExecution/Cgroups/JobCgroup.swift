import Glibc
import ProcessSpawn

/// The control group of one job: one folder in each hierarchy.
struct JobCgroup: Sendable {
    /// What it measured of all processes that were ever in it.
    struct Figures: Sendable, Hashable {
        var userSeconds: Double?
        var systemSeconds: Double?
        /// With the page cache of what the job read and wrote, which the system counts as the group's.
        var peakBytes: Int64?
    }

    private let folders: [String: String]
    private let all: [String]
    private let isVersion2: Bool
    /// Whether it bounds the processors.
    let limitsProcessors: Bool

    /// Processors are told as a share of each of these periods.
    private static let periodMicroseconds = 100_000.0
    /// The least share that the system takes.
    private static let quotaMicrosecondsMin = 1000.0

    /// Makes the group, without processes yet, and sets its bounds.
    /// - Parameters:
    ///   - place: folders of the node's own.
    ///   - name: of the folder.
    init(in place: CgroupPlace, name: String, bounds: JobBounds) throws(FileError) {
        var folders: [String: String] = [:]
        var made: [String] = []
        for hierarchy in place.hierarchies {
            // A hierarchy costs a job time, so only those that it needs.
            let needed = hierarchy.controllers.filter { $0 != "cpu" || place.isVersion2 || bounds.cpus != nil }
            guard !needed.isEmpty else { continue }
            let path = "\(hierarchy.path)/\(name)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                let error = FileError("create the cgroup", path)
                for folder in made { rmdir(folder) }
                throw error
            }
            made.append(path)
            for controller in needed { folders[controller] = path }
        }
        self.folders = folders
        all = made
        isVersion2 = place.isVersion2
        limitsProcessors = bounds.cpus != nil && folders["cpu"] != nil
        do throws(FileError) { try set(bounds) } catch {
            remove()
            throw error
        }
    }

    private func set(_ bounds: JobBounds) throws(FileError) {
        if let memory = folders["memory"], let bytes = bounds.memoryBytes {
            try write("\(bytes)", "\(memory)/\(isVersion2 ? "memory.max" : "memory.limit_in_bytes")")
            // What is swapped out would be out of the bound. Not every system has the account.
            try? write(isVersion2 ? "0" : "\(bytes)", "\(memory)/\(isVersion2 ? "memory.swap.max" : "memory.memsw.limit_in_bytes")")
            if isVersion2 { try? write("1", "\(memory)/memory.oom.group") }
        }
        if let cpu = folders["cpu"], let cpus = bounds.cpus {
            let quota = Int(max(cpus * Self.periodMicroseconds, Self.quotaMicrosecondsMin))
            let period = Int(Self.periodMicroseconds)
            if isVersion2 {
                try write("\(quota) \(period)", "\(cpu)/cpu.max")
            } else {
                try write("\(period)", "\(cpu)/cpu.cfs_period_us")
                try write("\(quota)", "\(cpu)/cpu.cfs_quota_us")
            }
        }
    }

    private func write(_ text: String, _ path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path) }
        defer { close(descriptor) }
        let failure = Array(text.utf8).withUnsafeBytes { Files.writeAll($0, descriptor) }
        if failure != 0 { throw FileError("write \(text) to", path, failure) }
    }

    /// Calls `body` with open descriptors into which a process writes `0` to join.
    func withEntries<Value, Failure: Error>(_ body: ([Int32]) throws(Failure) -> Value) throws(Failure) -> Value {
        let entries = all.map { open("\($0)/cgroup.procs", O_WRONLY | O_CLOEXEC) }
        defer { for entry in entries where entry >= 0 { close(entry) } }
        return try body(entries)
    }

    /// The processes that are in it now.
    func pids() -> [Int32] { all.first.map { Self.pids(in: $0) } ?? [] }

    static func pids(in folder: String) -> [Int32] {
        (Files.read("\(folder)/cgroup.procs") ?? []).split(separator: UInt8(ascii: "\n")).compactMap {
            Int32(String(decoding: $0, as: UTF8.self))
        }
    }

    /// Whether the system has ended one of its processes for want of memory.
    func ranOutOfMemory() -> Bool {
        guard let memory = folders["memory"] else { return false }
        return (value("oom_kill", in: "\(memory)/\(isVersion2 ? "memory.events" : "memory.oom_control")") ?? 0) > 0
    }

    func figures() -> Figures {
        var figures = Figures()
        let memory = folders["memory"] ?? ""
        if isVersion2 {
            let stat = "\(memory)/cpu.stat"
            figures.userSeconds = value("user_usec", in: stat).map { Double($0) / 1_000_000 }
            figures.systemSeconds = value("system_usec", in: stat).map { Double($0) / 1_000_000 }
            figures.peakBytes = number("\(memory)/memory.peak")
        } else {
            (figures.userSeconds, figures.systemSeconds) = processorSeconds(folders["cpuacct"] ?? "")
            figures.peakBytes = number("\(memory)/memory.max_usage_in_bytes")
        }
        return figures
    }

    /// Of version 1. Only the whole is measured; user and system are counted by the clock's ticks, so the whole is shared out as they are,
    /// as the kernel itself does for a process (`cputime_adjust` in kernel/sched/cputime.c).
    private func processorSeconds(_ account: String) -> (user: Double?, system: Double?) {
        guard let whole = number("\(account)/cpuacct.usage"), let user = number("\(account)/cpuacct.usage_user"),
            let system = number("\(account)/cpuacct.usage_sys")
        else { return (nil, nil) }
        let seconds = Double(whole) / 1_000_000_000
        let systemShare = user + system > 0 ? Double(system) / Double(user + system) : 0
        return (seconds * (1 - systemShare), seconds * systemShare)
    }

    /// - Returns: false where something of it is still there, for want of time or because a process is left.
    @discardableResult
    func remove() -> Bool { all.map { rmdir($0) == 0 || errno == ENOENT }.allSatisfy { $0 } }

    private func number(_ path: String) -> Int64? {
        Files.read(path).flatMap { Int64(String(decoding: $0.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)) }
    }

    /// Of a file with a name and a value a line.
    private func value(_ name: String, in path: String) -> Int64? {
        for line in String(decoding: Files.read(path) ?? [], as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ")
            if parts.count == 2, parts[0] == name { return Int64(parts[1]) }
        }
        return nil
    }
}
