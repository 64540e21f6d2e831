import Glibc

/// Files in places that a job can write to, also while it runs: instead of the file there may be a link to somebody else's, a pipe that keeps
/// whoever opens it waiting, or anything at all. None of these is followed, waited for, or written to.
enum PlainFile {
    /// Opens a regular file without waiting.
    /// - Parameter folder: what a relative path begins at.
    /// - Returns: a descriptor, or a negative number, with the reason in `errno`.
    static func open(_ path: String, _ flags: Int32, in folder: Int32 = AT_FDCWD) -> Int32 {
        let descriptor = openat(folder, path, flags | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { return -1 }
        var status = stat()
        if fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG { return descriptor }
        close(descriptor)
        errno = notPlain
        return -1
    }

    /// Creates a file for writing. What has its name gives way, and stays as it is under other names.
    /// - Returns: as `open`.
    static func create(_ path: String, in folder: Int32 = AT_FDCWD, _ flags: Int32 = 0) -> Int32 {
        for _ in 0..<attemptsMax {
            let descriptor = createNew(path, in: folder, flags)
            if descriptor >= 0 || errno != EEXIST { return descriptor }
            guard unlinkat(folder, path, 0) == 0 || errno == ENOENT else { return -1 }
        }
        errno = EEXIST
        return -1
    }

    /// Opens a file to be written at its end: the one that is there, or where there is none, or something else, a new one.
    /// - Returns: as `open`.
    static func append(_ path: String, in folder: Int32) -> Int32 {
        // Mostly it is not there yet, and what was just created needs no look.
        let fresh = createNew(path, in: folder, O_APPEND)
        if fresh >= 0 || errno != EEXIST { return fresh }
        let old = open(path, O_WRONLY | O_APPEND, in: folder)
        if old >= 0 {
            // A job that inherits it is not to wonder about a flag of ours.
            _ = fcntl(old, F_SETFL, O_APPEND)
            return old
        }
        return [ELOOP, ENXIO, notPlain].contains(errno) ? create(path, in: folder, O_APPEND) : -1
    }

    /// Up to so many bytes from the beginning; nil when it is not there, not readable or no regular file.
    static func read(_ path: String, upTo limit: Int) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: min(limit, bufferBytes))
        while bytes.count < limit {
            let count = Glibc.read(descriptor, &buffer, min(buffer.count, limit - bytes.count))
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes.append(contentsOf: buffer[..<count])
        }
        return bytes
    }

    private static func createNew(_ path: String, in folder: Int32, _ flags: Int32) -> Int32 {
        openat(folder, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | flags, 0o600)
    }

    private static let notPlain = EINVAL
    /// A job may put something there again and again.
    private static let attemptsMax = 3
    private static let bufferBytes = 64 * 1024
}
