import Glibc

/// A folder by its descriptor: what is in it is reached without a walk along its whole path.
final class OpenFolder {
    private let path: String
    private let descriptor: Int32

    /// - Throws: `FileError` when there is no such folder.
    convenience init(path: String) throws(FileError) {
        try self.init(AT_FDCWD, path, called: path)
    }

    private init(_ parent: Int32, _ name: String, called path: String) throws(FileError) {
        descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open the folder", path) }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Creates a folder in it, and opens that; one that exists is fine.
    func makeFolder(_ name: String) throws(FileError) -> OpenFolder {
        try ensureFolder(name)
        return try OpenFolder(descriptor, name, called: "\(path)/\(name)")
    }

    /// Creates a folder in it; one that exists is fine.
    func ensureFolder(_ name: String) throws(FileError) {
        guard mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else { throw FileError("create the folder", "\(path)/\(name)") }
    }

    /// Writes a whole file.
    func write(_ bytes: [UInt8], to name: String) throws(FileError) {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError("create", "\(path)/\(name)") }
        defer { close(file) }
        let failure = bytes.withUnsafeBytes { Files.writeAll($0, file) }
        if failure != 0 { throw FileError("write", "\(path)/\(name)", failure) }
    }

    /// Opens a file to be written at its end, and creates it where it is not there.
    func openToAppend(_ name: String) throws(FileError) -> Int32 {
        let file = openat(descriptor, name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw FileError("open", "\(path)/\(name)") }
        return file
    }
}
