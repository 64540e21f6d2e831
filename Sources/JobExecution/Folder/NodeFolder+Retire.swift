import Glibc
import ProcessSpawn

extension NodeFolder {
    /// Ends the node that lives on this folder, if one does, with all that it runs, and tells what became of each job that it knew.
    ///
    /// It blocks until nothing of it is left. The jobs that ran are lost.
    /// - Throws: `FileError` when something does not die.
    public func retire() throws(FileError) -> Reconciliation {
        if let note = Files.read(socketNote), let descriptor = SocketAddress.connect(to: String(decoding: note, as: UTF8.self)) {
            let node = SocketAddress.listener(behind: descriptor)
            close(descriptor)
            if let node { endNode(node) }
        }
        return try reconcile()
    }

    /// Drops the notes of all its jobs, once the history has what became of them.
    /// - Throws: `FileError` when a node is alive on the folder.
    public func forgetJobs() throws(FileError) {
        guard let lock = try takeLock() else { throw FileError("forget the jobs of a living node", path, EBUSY) }
        defer { NodeFolder.release(lock) }
        guard unlink(journal) == 0 || errno == ENOENT else { throw FileError("remove", journal) }
    }

    /// The node's name: the last part of its folder's path.
    public var name: String { path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) } ?? path }
}

/// Kills a node's process, and waits for its end.
func endNode(_ node: ProcessIdentity) {
    signalProcess(pid: node.pid, startTime: node.startTime, signal: SIGKILL)
    _ = awaitEnd(pid: node.pid, startTime: node.startTime, milliseconds: 5000)
}

extension SocketAddress {
    /// The process that listens at the other end of a connection, whether or not it answers.
    static func listener(behind descriptor: Int32) -> ProcessIdentity? {
        // `struct ucred`, which the C headers give only with GNU extensions: pid, uid, gid.
        var credentials: [Int32] = [0, 0, 0]
        var size = socklen_t(MemoryLayout<Int32>.size * credentials.count)
        guard getsockopt(descriptor, SOL_SOCKET, SO_PEERCRED, &credentials, &size) == 0, credentials[0] > 0 else { return nil }
        return processStartTime(credentials[0]).map { ProcessIdentity(pid: credentials[0], startTime: $0) }
    }
}
