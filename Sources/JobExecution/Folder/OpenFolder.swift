import Glibc

/// A folder by its descriptor: what is in it is reached without a walk along its whole path, and part by part, so that a link in the place of a
/// folder leads nowhere.
final class OpenFolder {
    private let path: String
    private let descriptor: Int32
    /// Those in it that are open, by name.
    private var inner: [Substring: OpenFolder] = [:]

    /// - Throws: `FileError` when there is no such folder.
    convenience init(path: String) throws(FileError) {
        try self.init(AT_FDCWD, path, called: path)
    }

    private init(_ parent: Int32, _ name: String, called path: String) throws(FileError) {
        descriptor = openat(parent, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open the folder", path) }
        self.path = path
    }

    deinit { close(descriptor) }

    /// Creates a folder in it, and opens that; one that exists is fine.
    func makeFolder(_ name: String) throws(FileError) -> OpenFolder {
        try create(name)
        return try OpenFolder(descriptor, name, called: "\(path)/\(name)")
    }

    /// The same, and it stays open as long as this one.
    @discardableResult
    func enter(_ name: Substring) throws(FileError) -> OpenFolder {
        if let known = inner[name] { return known }
        let folder = try makeFolder(String(name))
        inner[name] = folder
        return folder
    }

    /// Creates a folder of it and those above; what exists is fine.
    /// - Parameter path: relative, of plain parts.
    func ensureFolder(_ path: Substring) throws(FileError) {
        let (parent, name) = try parent(of: path)
        try parent.create(String(name))
    }

    /// Writes a whole file, and creates the folders above it where they are not there.
    /// - Parameter path: relative, of plain parts.
    func write(_ bytes: [UInt8], to path: Substring) throws(FileError) {
        let (parent, name) = try parent(of: path)
        try parent.writeFile(bytes, String(name))
    }

    /// Opens a file to be written at its end, and creates it where it is not there.
    func openToAppend(_ name: String) throws(FileError) -> Int32 {
        let file = PlainFile.append(name, in: descriptor)
        guard file >= 0 else { throw FileError("open", "\(path)/\(name)") }
        return file
    }

    private func create(_ name: String) throws(FileError) {
        guard mkdirat(descriptor, name, 0o700) == 0 || errno == EEXIST else { throw FileError("create the folder", "\(path)/\(name)") }
    }

    private func writeFile(_ bytes: [UInt8], _ name: String) throws(FileError) {
        let file = PlainFile.create(name, in: descriptor)
        guard file >= 0 else { throw FileError("create", "\(path)/\(name)") }
        defer { close(file) }
        let failure = bytes.withUnsafeBytes { Files.writeAll($0, file) }
        if failure != 0 { throw FileError("write", "\(path)/\(name)", failure) }
    }

    /// The folder that a path ends in, made where it is not there, and the path's last part.
    private func parent(of path: Substring) throws(FileError) -> (OpenFolder, Substring) {
        guard let slash = path.firstIndex(of: "/") else { return (self, path) }
        return try enter(path[..<slash]).parent(of: path[path.index(after: slash)...])
    }
}
