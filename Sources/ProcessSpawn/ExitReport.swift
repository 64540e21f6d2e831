import CSpawn
import Glibc

/// How a process ended and what it used, with the descendants that it had reaped itself.
public struct ExitReport: Sendable, Hashable {
    /// How it ended.
    public enum Ending: Sendable, Hashable {
        case code(Int32)
        case signal(Int32)
    }

    public var ending: Ending
    public var userSeconds: Double
    public var systemSeconds: Double
    /// Peak resident memory of the largest process. The system starts the count at the *parent's* own peak: at or below that it says nothing.
    public var maxRSSBytes: Int64
}

/// Collects a child that has ended.
/// - Parameter blocking: whether to wait for its end.
/// - Returns: nil when it still runs (not `blocking`) or is no child of this process.
public func reap(pid: Int32, blocking: Bool) -> ExitReport? {
    var signalled: Int32 = 0
    var code: Int32 = 0
    var usage = rusage()
    guard cspawn_reap(pid, blocking ? 1 : 0, &signalled, &code, &usage) > 0 else { return nil }
    return ExitReport(
        ending: signalled != 0 ? .signal(code) : .code(code), userSeconds: seconds(usage.ru_utime),
        systemSeconds: seconds(usage.ru_stime), maxRSSBytes: Int64(usage.ru_maxrss) * 1024)
}

private func seconds(_ time: timeval) -> Double { Double(time.tv_sec) + Double(time.tv_usec) / 1_000_000 }
