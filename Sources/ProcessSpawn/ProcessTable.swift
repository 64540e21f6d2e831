import Glibc

/// One process of this machine, as it was when asked.
public struct ProcessEntry: Sendable, Hashable {
    public var pid: Int32
    public var parent: Int32
    public var session: Int32
    /// Clock ticks since the machine started. With the pid it names a process for good.
    public var startTime: UInt64
    /// Whether it has ended and only waits to be reaped.
    public var hasEnded: Bool
    /// Whether a signal has stopped it.
    public var isStopped: Bool

    /// What stays the same for as long as it lives.
    public var identity: ProcessIdentity { ProcessIdentity(pid: pid, startTime: startTime) }
}

/// Names a process for good: a number alone is given away again.
public struct ProcessIdentity: Sendable, Hashable {
    public var pid: Int32
    /// Clock ticks since the machine started.
    public var startTime: UInt64

    public init(pid: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
    }
}

/// Every process that this one may see, by ascending pid.
public func allProcesses() -> [ProcessEntry] {
    guard let directory = opendir("/proc") else { return [] }
    defer { closedir(directory) }
    var entries: [ProcessEntry] = []
    while let entry = readdir(directory) {
        let pid = withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: 256) { atoi($0) }
        }
        if pid > 0, let process = processEntry(pid) { entries.append(process) }
    }
    return entries.sorted { $0.pid < $1.pid }
}

/// That process, or nil when there is none.
public func processEntry(_ pid: Int32) -> ProcessEntry? {
    guard let text = readSmallFile("/proc/\(pid)/stat"), let nameEnd = text.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    // The name, in parentheses, may hold anything; the fields after it are plain.
    let fields = text[(nameEnd + 1)...].split(separator: UInt8(ascii: " "))
    guard fields.count > 19, let parent = number(fields[1]), let session = number(fields[3]), let start = number(fields[19]) else {
        return nil
    }
    let state = fields[0].first
    return ProcessEntry(
        pid: pid, parent: Int32(truncatingIfNeeded: parent), session: Int32(truncatingIfNeeded: session),
        startTime: UInt64(bitPattern: start), hasEnded: state == UInt8(ascii: "Z") || state == UInt8(ascii: "X"),
        isStopped: state == UInt8(ascii: "T"))
}

/// When that process started, in clock ticks since the machine did; nil when there is none.
public func processStartTime(_ pid: Int32) -> UInt64? { processEntry(pid)?.startTime }

/// The environment that the process was started with, as the raw text `NAME=value`, each ended by a NUL. Empty where it is not readable.
public func processEnvironment(_ pid: Int32) -> [UInt8] { readSmallFile("/proc/\(pid)/environ") ?? [] }

/// Where that process's working directory or one of its standard streams leads.
public func processLinks(_ pid: Int32) -> [String] {
    ["cwd", "fd/0", "fd/1", "fd/2"].compactMap { link in
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: Int(PATH_MAX)) { buffer in
            let count = buffer.withMemoryRebound(to: CChar.self) { target in
                target.baseAddress.map { readlink("/proc/\(pid)/\(link)", $0, target.count) } ?? -1
            }
            return count > 0 ? String(decoding: buffer[..<count], as: UTF8.self) : nil
        }
    }
}

/// The value of one variable in a raw environment.
public func value(of name: String, inEnvironment environment: [UInt8]) -> String? {
    let prefix = Array("\(name)=".utf8)
    for entry in environment.split(separator: 0) where entry.starts(with: prefix) {
        return String(decoding: entry.dropFirst(prefix.count), as: UTF8.self)
    }
    return nil
}

/// Reads a whole file without knowing its size, as files under /proc must be.
func readSmallFile(_ path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes: [UInt8] = []
    return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
        while true {
            let count = read(descriptor, buffer.baseAddress, buffer.count)
            if count < 0, errno == EINTR { continue }
            if count < 0 { return nil }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
        }
    }
}

private func number(_ digits: ArraySlice<UInt8>) -> Int64? { Int64(String(decoding: digits, as: UTF8.self)) }
