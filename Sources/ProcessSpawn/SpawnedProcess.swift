import CSpawn
import Dispatch
import Glibc

/// A child of this process. It owns a pidfd, which names this very process even after its pid was given to another.
public final class SpawnedProcess: Sendable {
    public let pid: Int32
    /// Readable once the process has ended. Closed with this object.
    public let pidfd: Int32
    /// When it started, in clock ticks since the machine did, as `ProcessEntry.startTime`.
    public let startTime: UInt64

    init(pid: Int32, pidfd: Int32, startTime: UInt64) {
        self.pid = pid
        self.startTime = startTime
        self.pidfd = pidfd
    }

    deinit { close(pidfd) }

    public var identity: ProcessIdentity { ProcessIdentity(pid: pid, startTime: startTime) }

    /// Sends a signal to the process itself, not to its descendants.
    /// - Returns: false when it has ended.
    @discardableResult
    public func send(signal: Int32) -> Bool { cspawn_pidfd_send_signal(pidfd, signal) == 0 }

    /// Waits for the end without holding a thread, and reaps. To be called once.
    /// - Returns: how it ended; nil when something else has reaped it.
    public func waitForExit() async -> ExitReport? {
        await withCheckedContinuation { continuation in onExit { continuation.resume(returning: $0) } }
    }

    /// Reaps it whenever it ends, and then calls `body` on a queue of Dispatch.
    public func onExit(_ body: @escaping @Sendable (ExitReport?) -> Void) {
        let source = DispatchSource.makeReadSource(fileDescriptor: pidfd, queue: .global())
        source.setEventHandler {
            source.cancel()  // the handler keeps the source alive, and through it this process, until here
            body(reap(pid: self.pid, blocking: true))
        }
        source.activate()
    }
}

/// A signal to any process, named by pid and by the start time that its pid had, so that a successor with the same pid is spared.
/// - Returns: false when that process is gone.
@discardableResult
public func signalProcess(pid: Int32, startTime: UInt64, signal: Int32) -> Bool {
    let pidfd = cspawn_pidfd_open(pid)
    guard pidfd >= 0 else { return false }
    defer { close(pidfd) }
    guard processStartTime(pid) == startTime else { return false }
    return cspawn_pidfd_send_signal(pidfd, signal) == 0
}

/// Waits until that process has ended, at most so many milliseconds. It need not be a child.
/// - Returns: whether it has ended.
public func awaitEnd(pid: Int32, startTime: UInt64, milliseconds: Int32) -> Bool {
    let pidfd = cspawn_pidfd_open(pid)
    guard pidfd >= 0 else { return true }
    defer { close(pidfd) }
    guard processStartTime(pid) == startTime else { return true }
    var interest = pollfd(fd: pidfd, events: Int16(POLLIN), revents: 0)
    return poll(&interest, 1, milliseconds) > 0
}
