import CSpawn
import Glibc

/// How many bytes went through the read and write calls of processes.
public struct ByteCount: Sendable, Hashable {
    public var read: Int64
    public var written: Int64

    public init(read: Int64 = 0, written: Int64 = 0) {
        self.read = read
        self.written = written
    }
}

/// A look at the bytes that a child reads and writes, to be had before it is reaped.
///
/// Opened right after the start: an ordinary user may not open it any more once the child has ended, but may still read it.
public struct ByteAccount: Sendable {
    private let descriptor: Int32

    /// Nil where the system keeps no such account, or does not show it.
    public init?(pid: Int32) {
        descriptor = cspawn_open_io(pid)
        guard descriptor >= 0 else { return nil }
    }

    /// The process' own and those of the children that it has waited for; nil once it is reaped.
    public func count() -> ByteCount? {
        var count = ByteCount()
        return cspawn_read_io(descriptor, &count.read, &count.written) == 0 ? count : nil
    }

    public func close() { Glibc.close(descriptor) }
}
