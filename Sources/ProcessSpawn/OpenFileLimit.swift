import Glibc
import Synchronization

/// How many files this process may have open. A server raises its own limit; what it starts gets back what was there before.
public enum OpenFileLimit {
    /// Enough for any crowd, and few enough for what looks at every number.
    private static let soughtMax: rlim_t = 65_536
    private static let before = Mutex<ResourceLimit?>(nil)

    /// Raises the soft limit towards the hard one. A second time does nothing.
    public static func raise() {
        before.withLock { before in
            var limit = rlimit()
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
            guard before == nil, getrlimit(resource, &limit) == 0 else { return }
            var raised = limit
            raised.rlim_cur = min(limit.rlim_max, soughtMax)
            guard raised.rlim_cur > limit.rlim_cur, setrlimit(resource, &raised) == 0 else { return }
            before = ResourceLimit(.openFiles, soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
        }
    }

    /// What a child is given that asks for no limit of its own; nil where it is this process's.
    static var ofChildren: ResourceLimit? { before.withLock { $0 } }
}
