import Foundation
import ProcessSpawn

/// A Unix socket on which one connection is awaited.
final class UnixListener: Sendable {
    let path: String
    private let descriptor: Int32

    init(path: String) throws(ConnectorHostError) {
        self.path = path
        descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0, Self.bind(descriptor, to: path), listen(descriptor, 1) == 0 else {
            let reason = String(cString: strerror(errno))
            if descriptor >= 0 { close(descriptor) }
            throw ConnectorHostError(.guest, "cannot listen on \(path): \(reason)")
        }
    }

    deinit {
        close(descriptor)
        unlink(path)
    }

    /// The connection, or nil when there is none by the deadline or the process that should make it has ended.
    func accept(within patience: Duration, from pid: Int32) async -> Int32? {
        await withCheckedContinuation { continuation in
            let started = startThread { continuation.resume(returning: self.acceptBlocking(patience, pid)) }
            if !started { continuation.resume(returning: nil) }
        }
    }

    private func acceptBlocking(_ patience: Duration, _ pid: Int32) -> Int32? {
        let end = ContinuousClock.now + patience
        while ContinuousClock.now < end {
            var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            // In slices, since the end of a process that is not our child shows in no descriptor of ours.
            if poll(&interest, 1, 20) > 0 {
                let connection = Glibc.accept(descriptor, nil, nil)
                guard connection >= 0 else { return nil }
                _ = fcntl(connection, F_SETFD, FD_CLOEXEC)
                return connection
            }
            if processEntry(pid)?.hasEnded ?? true { return nil }
        }
        return nil
    }

    private static func bind(_ descriptor: Int32, to path: String) -> Bool {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return false
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: bytes) }
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) == 0
            }
        }
    }
}
