import CSpawn
import Glibc

// What a process needs that owns others for long: to inherit orphans, and to be told of ends and signals in a poll loop.

/// From now on every orphaned descendant becomes a child of this process.
/// - Returns: whether the system allows it.
public func becomeSubreaper() -> Bool { cspawn_become_subreaper() == 0 }

/// Blocks SIGCHLD, SIGTERM and SIGINT in this (only) thread.
/// - Returns: a descriptor for `poll` that tells them, or -1.
public func openSignalDescriptor() -> Int32 { cspawn_signal_descriptor() }

/// The next signal that came in; nil when there is none.
public func nextSignal(_ descriptor: Int32) -> Int32? {
    let signal = cspawn_next_signal(descriptor)
    return signal > 0 ? signal : nil
}

/// A child that has ended and is not reaped yet; nil when there is none.
public func endedChild() -> Int32? {
    let pid = cspawn_ended_child()
    return pid > 0 ? pid : nil
}

/// Takes a connection, non-blocking and not inherited by children; nil when none waits.
public func acceptConnection(_ listener: Int32) -> Int32? {
    let descriptor = cspawn_accept(listener)
    return descriptor >= 0 ? descriptor : nil
}

/// The children of this process's main thread, dead ones included, read with one system call from a kept descriptor.
public struct ChildList {
    private let descriptor = open("/proc/self/task/\(getpid())/children", O_RDONLY | O_CLOEXEC)

    public init() {}

    /// Nil where the system keeps no such list.
    public func pids() -> [Int32]? {
        guard descriptor >= 0 else { return nil }
        var text: [UInt8] = []
        let complete = withUnsafeTemporaryAllocation(of: UInt8.self, capacity: 4096) { buffer in
            while true {
                let count = pread(descriptor, buffer.baseAddress, buffer.count, off_t(text.count))
                if count <= 0 { return count == 0 }
                text.append(contentsOf: buffer[..<count])
                if count < buffer.count / 2 { return true }
            }
        }
        guard complete else { return nil }
        return text.split(separator: UInt8(ascii: " ")).compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
    }
}
