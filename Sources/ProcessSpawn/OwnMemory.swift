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

/// Gives back the memory of code and constants that were needed only at the start, and lets the peak count anew from there. What is still
/// needed comes back by itself.
///
/// For a process whose children are measured: below its own peak their memory cannot be told. What was never written can always be read again
/// from the file.
public func dropStartupMemory() {
    var mapping: (start: UInt, length: Int)?
    for line in (readSmallFile("/proc/self/smaps") ?? []).split(separator: UInt8(ascii: "\n")) {
        let fields = line.split(separator: UInt8(ascii: " "))
        if fields.count >= 5, fields[1].count == 4, let bounds = bounds(fields[0]) {
            let isConstant = fields[1].elementsEqual("r-xp".utf8) || fields[1].elementsEqual("r--p".utf8)
            mapping = isConstant && fields.count == 6 && fields[5].first == UInt8(ascii: "/") ? bounds : nil
        } else if fields.count == 3, fields[0].elementsEqual("Anonymous:".utf8), fields[1].elementsEqual("0".utf8), let clean = mapping {
            madvise(UnsafeMutableRawPointer(bitPattern: clean.start), clean.length, MADV_DONTNEED)
        }
    }
    let descriptor = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = [resetPeak].withUnsafeBytes { write(descriptor, $0.baseAddress, 1) }
    close(descriptor)
}

/// Of a mapping, as `7f00-7f10` says it.
private func bounds(_ text: ArraySlice<UInt8>) -> (start: UInt, length: Int)? {
    let ends = text.split(separator: UInt8(ascii: "-")).compactMap { UInt(String(decoding: $0, as: UTF8.self), radix: 16) }
    guard ends.count == 2, ends[1] > ends[0] else { return nil }
    return (ends[0], Int(ends[1] - ends[0]))
}

/// What `clear_refs` takes for "set the peak to what is resident now".
private let resetPeak = UInt8(ascii: "5")
