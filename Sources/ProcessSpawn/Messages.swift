import CSpawn
import Glibc

/// Two ends of a connection that keeps messages whole, neither of them inherited; nil when the system has none to give.
public func openMessagePair() -> (Int32, Int32)? {
    var ends: [Int32] = [-1, -1]
    return cspawn_message_pair(&ends) == 0 ? (ends[0], ends[1]) : nil
}

/// Sends one message, without waiting.
/// - Parameter descriptors: the receiver gets copies of these; at most 32.
/// - Returns: 0, or the reason as an `errno`.
public func sendMessage(_ bytes: [UInt8], attaching descriptors: [Int32], to socket: Int32) -> Int32 {
    cspawn_send_message(socket, bytes, bytes.count, descriptors, Int32(descriptors.count)) == 0 ? 0 : errno
}

extension SpawnedProcess {
    /// A child of this process that was not started by `spawn`, such as one that another child has forked for it.
    /// - Returns: nil when that is no child.
    public convenience init?(child pid: Int32) {
        guard let entry = processEntry(pid), entry.parent == getpid() else { return nil }
        let pidfd = cspawn_pidfd_open(pid)
        guard pidfd >= 0 else { return nil }
        self.init(pid: pid, pidfd: pidfd, startTime: entry.startTime)
    }

    /// The number of a resource in the system's own calls.
    public static func number(of resource: ResourceLimit.Resource) -> Int32 { cspawn_resource(resource.rawValue) }
}
