import Foundation

/// How many connections each port may have open at once, so that the process never runs out of descriptors: without one, it could not even
/// look after its own threads. What comes beyond that waits in the system's queue until another connection is closed.
struct ConnectionRoom: Sendable, Hashable {
    let api: Int
    /// A few of its own, so that the administration can be reached whatever happens on the other port.
    let admin: Int
}

extension ConnectionRoom {
    private static let adminMax = 16
    /// For what is no connection and no file of one: jobs' logs, the history, processes of endpoints and builds.
    private static let spareMax = 64
    /// A connection, and the file that is sent or stored by it.
    private static let descriptorsEach = 2

    /// - Parameter free: how many descriptors are left.
    init(free: Int) {
        admin = min(Self.adminMax, max(2, free / 8))
        let spare = min(Self.spareMax, free / 3)
        api = max(2, (free - admin - spare) / Self.descriptorsEach)
    }

    /// What this process has left now.
    init() { self.init(free: max(0, Self.limit() - Self.openNow())) }

    private static func limit() -> Int {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        return Int(clamping: limit.rlim_cur)
    }

    private static func openNow() -> Int { (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 0 }
}
