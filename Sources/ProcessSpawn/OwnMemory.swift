import Glibc

/// The peak resident memory of this process's own address space, at which the peak of every child that it starts begins. Nil where the
/// system does not tell. (`getrusage` would also count what was there before this program was executed, which no child inherits.)
public func ownPeakRSSBytes() -> Int64? {
    guard let status = readSmallFile("/proc/self/status") else { return nil }
    for line in status.split(separator: UInt8(ascii: "\n")) where line.starts(with: Array("VmHWM:".utf8)) {
        let fields = line.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return fields.count > 1 ? Int64(String(decoding: fields[1], as: UTF8.self)).map { $0 * 1024 } : nil
    }
    return nil
}

/// Gives back the memory of code that ran only at the start, and lets the peak count anew from there. What is still needed comes back by itself.
///
/// For a process whose children are measured: below its own peak their memory cannot be told. Pages of code are never written, so the system
/// can always read them again from the file.
public func dropStartupMemory() {
    guard let maps = readSmallFile("/proc/self/maps") else { return }
    for line in maps.split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: " "))
        guard fields.count == 6, fields[1].elementsEqual("r-xp".utf8), fields[5].first == UInt8(ascii: "/") else { continue }
        let bounds = fields[0].split(separator: UInt8(ascii: "-")).compactMap { UInt(String(decoding: $0, as: UTF8.self), radix: 16) }
        guard bounds.count == 2, bounds[1] > bounds[0] else { continue }
        madvise(UnsafeMutableRawPointer(bitPattern: bounds[0]), Int(bounds[1] - bounds[0]), MADV_DONTNEED)
    }
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = [resetPeak].withUnsafeBytes { write(descriptor, $0.baseAddress, 1) }
    close(descriptor)
}

/// What `clear_refs` takes for "set the peak to what is resident now".
private let resetPeak = UInt8(ascii: "5")
