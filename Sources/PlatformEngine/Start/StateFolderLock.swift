/// Keeps a state folder from every server, for work on it that needs it to itself. Let go of when the process ends, too.
public final class StateFolderLock: Sendable {
    private let lock: FolderLock

    /// - Throws: `inUse` while a server has it; `stateFolder` where it cannot be used.
    public init(stateFolder: String) throws(EngineError) {
        lock = try FolderLock(StateFolder(stateFolder))
    }

    public func release() { lock.release() }
}
