import Glibc

/// What that process has in memory, shared pages counted whole; nil when there is no such process.
public func residentBytes(ofProcess pid: Int32) -> Int64? {
    guard let text = readSmallFile("/proc/\(pid)/statm") else { return nil }
    let fields = text.split(separator: UInt8(ascii: " "))
    guard fields.count > 1, let pages = Int64(String(decoding: fields[1], as: UTF8.self)) else { return nil }
    return pages * Int64(sysconf(Int32(_SC_PAGESIZE)))
}

/// What that process has in memory, of each shared page its share; nil when it is gone or the system does not tell. Much dearer than
/// `residentBytes`.
public func proportionalBytes(ofProcess pid: Int32) -> Int64? {
    guard let text = readSmallFile("/proc/\(pid)/smaps_rollup") else { return nil }
    for line in text.split(separator: UInt8(ascii: "\n")) where line.starts(with: Array("Pss:".utf8)) {
        let fields = line.split(separator: UInt8(ascii: " "))
        return fields.count > 1 ? Int64(String(decoding: fields[1], as: UTF8.self)).map { $0 * 1024 } : nil
    }
    return nil
}
