import Glibc

/// A Unix socket on a path, which the system bounds to about 107 bytes.
enum SocketAddress {
    /// A path short enough for a socket, the same for the same folder and user: in a runtime folder, since the node's own may lie deep.
    /// - Parameter runtimeFolder: the value of `XDG_RUNTIME_DIR`.
    static func path(forFolder folder: String, runtimeFolder: String?) -> String {
        let name = String(hash(folder), radix: 36)
        if let runtimeFolder, runtimeFolder.hasPrefix("/"), runtimeFolder.utf8.count <= runtimeFolderBytesMax, access(runtimeFolder, W_OK) == 0 {
            return "\(runtimeFolder)/windtunnel-\(name)/node.sock"
        }
        return "/tmp/windtunnel-\(getuid())-\(name)/node.sock"
    }

    /// - Returns: a connected descriptor, or nil with the reason in `errno`.
    static func connect(to path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let connected = with(path) { Glibc.connect(descriptor, $0, $1) } == 0
        if connected { return descriptor }
        let reason = errno
        close(descriptor)
        errno = reason
        return nil
    }

    /// Listens on the path, in a folder of its own that is ours alone.
    static func listen(on path: String) throws(FileError) -> Int32 {
        try makePrivateFolder(folder(of: path))
        unlink(path)
        let flags = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
        let descriptor = socket(AF_UNIX, flags, 0)
        guard descriptor >= 0 else { throw FileError("create a socket for", path) }
        guard with(path, { bind(descriptor, $0, $1) }) == 0, Glibc.listen(descriptor, backlog) == 0 else {
            let error = FileError("listen on", path)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    static func remove(_ path: String) {
        unlink(path)
        rmdir(folder(of: path))
    }

    private static func makePrivateFolder(_ path: String) throws(FileError) {
        try Files.makeFolder(path)
        var status = stat()
        // In a shared folder somebody else may have made it first: theirs, or a link, is not to be trusted.
        guard lstat(path, &status) == 0 else { throw FileError("look at", path) }
        let isOurs = status.st_mode & S_IFMT == S_IFDIR && status.st_uid == geteuid() && status.st_mode & 0o077 == 0
        guard isOurs else { throw FileError("use as a private folder", path, EACCES) }
    }

    private static func folder(of path: String) -> String { path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "." }

    private static func with(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32) -> Int32 {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        guard path.utf8.count < MemoryLayout.size(ofValue: address.sun_path) else {
            errno = ENAMETOOLONG
            return -1
        }
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        return withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { body($0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
    }

    /// FNV-1a: the same in every process, unlike Swift's own.
    static func hash(_ text: String) -> UInt64 {
        text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static let backlog: Int32 = 8
    private static let runtimeFolderBytesMax = 60
}
