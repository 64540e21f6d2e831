import Foundation
import Simulation
import Synchronization

/// The folder in which a platform keeps everything.
struct StateFolder: Sendable {
    /// Absolute, without links.
    let path: String

    var history: String { path + "/history.sqlite" }
    /// Each job's own folder, whichever node runs it.
    var jobs: String { Self.jobs(in: path) }
    static func jobs(in path: String) -> String { path + "/jobs" }
    /// The packages of jobs, one environment for each set of requirements.
    var environments: String { path + "/environments" }
    /// Each tenant's files.
    var files: String { path + "/files" }
    /// The served models, each with a folder.
    var endpoints: String { path + "/endpoints" }
    var nodes: String { path + "/nodes" }
    func node(_ number: Int) -> String { nodes + "/" + Node.name(number) }
    var lock: String { path + "/lock" }

    /// Creates it (0700) where it is not there.
    init(_ path: String) throws(EngineError) {
        do {
            try FileManager.default.createDirectory(
                atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        } catch {
            throw .stateFolder(path: path, detail: describe(error))
        }
        for (mode, lack) in [(R_OK, "it may not be read"), (W_OK | X_OK, "it is not writable")] where access(path, mode) != 0 {
            throw .stateFolder(path: path, detail: lack)
        }
        guard let resolved = realpath(path, nil) else {
            throw .stateFolder(path: path, detail: String(cString: strerror(errno)))
        }
        defer { free(resolved) }
        self.path = String(cString: resolved)
    }
}

private func describe(_ error: any Error) -> String {
    let cause = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError
    switch cause.map({ Int32($0.code) }) ?? 0 {
    case EACCES, EPERM: return "it cannot be created, permission denied"
    case ENOTDIR, EEXIST: return "it is not a folder"
    case ENOSPC: return "the disk is full"
    case EROFS: return "the file system is read-only"
    default: return "it cannot be created"
    }
}

/// Holds a state folder for one server. The kernel lets go of it when the process ends, however that comes about.
final class FolderLock: Sendable {
    private let descriptor: Mutex<Int32>

    /// - Throws: `inUse`, with the pid of the server that holds it.
    init(_ folder: StateFolder) throws(EngineError) {
        // CLOEXEC: a node that outlives the server must not keep the lock.
        let descriptor = open(folder.lock, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw .stateFolder(path: folder.path, detail: String(cString: strerror(errno)))
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            defer { close(descriptor) }
            throw .inUse(path: folder.path, pid: readPID(descriptor))
        }
        ftruncate(descriptor, 0)
        let text = "\(getpid())\n"
        _ = text.withCString { pwrite(descriptor, $0, strlen($0), 0) }
        self.descriptor = Mutex(descriptor)
    }

    deinit { release() }

    func release() {
        descriptor.withLock { descriptor in
            guard descriptor >= 0 else { return }
            // Said aloud: a process that is being spawned may hold a copy of the descriptor until its exec.
            flock(descriptor, LOCK_UN)
            close(descriptor)
            descriptor = -1
        }
    }
}

private func readPID(_ descriptor: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(descriptor, &bytes, bytes.count, 0)
    guard count > 0 else { return nil }
    let text = String(decoding: bytes.prefix(count), as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
    return Int32(text).map { String($0) }
}
