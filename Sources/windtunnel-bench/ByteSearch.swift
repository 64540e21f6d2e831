import Glibc

/// Where `text` first stands in `bytes`, at or after `start`; nil when it does not. The C library's own search is hidden from Swift.
/// - Parameter text: not empty.
func find(_ text: StaticString, in bytes: UnsafeRawBufferPointer, from start: Int = 0) -> Int? {
    guard let base = bytes.baseAddress else { return nil }
    let last = bytes.count - text.utf8CodeUnitCount
    var index = start
    while index <= last {
        guard let hit = memchr(base + index, Int32(text.utf8Start.pointee), last - index + 1) else { return nil }
        index = UnsafeRawPointer(hit) - base
        if memcmp(hit, text.utf8Start, text.utf8CodeUnitCount) == 0 { return index }
        index += 1
    }
    return nil
}
