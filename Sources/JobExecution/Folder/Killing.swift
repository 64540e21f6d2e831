import Glibc
import ProcessSpawn

/// Kills processes that may still be multiplying.
///
/// Whoever looks for them does so again and again until there is none, and hands each time those that are there to `kill`. It waits for none
/// as long as there are new ones: meanwhile those would have children, which nobody has seen.
struct Killing {
    private var reached: Set<ProcessIdentity> = []
    private let deadline = Clock.monotonicSeconds() + Self.secondsMax

    private static let secondsMax = 30.0
    private static let waitMilliseconds: Int32 = 20

    /// How many were killed.
    var count: Int { reached.count }

    /// - Returns: false when it has gone on for so long that looking again is in vain.
    mutating func kill(_ living: [ProcessEntry]) -> Bool {
        let fresh = living.filter { reached.insert($0.identity).inserted }
        for process in fresh { signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGKILL) }
        if fresh.isEmpty, let dying = living.first {
            _ = awaitEnd(pid: dying.pid, startTime: dying.startTime, milliseconds: Self.waitMilliseconds)
        }
        return Clock.monotonicSeconds() < deadline
    }
}
