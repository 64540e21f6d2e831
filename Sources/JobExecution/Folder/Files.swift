import Glibc
import ProcessSpawn

/// A file operation that failed, in one line that names the path.
public struct FileError: Error, Sendable, Hashable, CustomStringConvertible {
    public var description: String
    public var errno: Int32

    init(_ action: String, _ path: String, _ code: Int32 = Glibc.errno) {
        description = "cannot \(action) \(path): \(systemMessage(code))"
        errno = code
    }

    /// A process that could not be started, in the same words.
    init(spawn error: SpawnError) {
        description = error.description
        errno = error.errno
    }
}

extension FileError {
    /// The system lacks what may come back.
    var isOfALack: Bool { isOfAFullDisk || errno == EMFILE || errno == ENFILE }
    var isOfAFullDisk: Bool { errno == ENOSPC || errno == EDQUOT }
}

/// The few file operations of a node, straight on the system.
enum Files {
    /// Creates a folder; one that exists is fine.
    static func makeFolder(_ path: String) throws(FileError) {
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw FileError("create the folder", path) }
    }

    /// Creates a folder and those above it.
    static func makeFolders(_ path: String) throws(FileError) {
        if access(path, F_OK) == 0 { return }
        if let slash = path.lastIndex(of: "/"), slash != path.startIndex { try makeFolders(String(path[..<slash])) }
        try makeFolder(path)
    }

    /// Writes into a file of the system's, such as a control group's.
    static func write(_ bytes: [UInt8], toExisting path: String) throws(FileError) {
        let descriptor = open(path, O_WRONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("open", path) }
        defer { close(descriptor) }
        let failure = bytes.withUnsafeBytes { writeAll($0, descriptor) }
        if failure != 0 { throw FileError("write", path, failure) }
    }

    /// Writes beside the file and renames: a reader sees all of it or nothing. What stood in either place is replaced, and never written to.
    static func replace(_ path: String, with bytes: [UInt8]) throws(FileError) {
        let draft = path + ".new"
        let descriptor = PlainFile.create(draft)
        guard descriptor >= 0 else { throw FileError("create", draft) }
        defer { close(descriptor) }
        let failure = bytes.withUnsafeBytes { writeAll($0, descriptor) }
        if failure != 0 { throw FileError("write", draft, failure) }
        guard rename(draft, path) == 0 else { throw FileError("replace", path) }
    }

    /// The whole file, or nil when it is not there or not readable. For files that no job can reach: see `PlainFile`.
    static func read(_ path: String) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return count == 0 ? bytes : nil }
            bytes.append(contentsOf: buffer[..<count])
        }
    }

    /// What is in a folder, sorted; empty when it is not there.
    static func names(in path: String) -> [String] {
        guard let folder = opendir(path) else { return [] }
        defer { closedir(folder) }
        var names: [String] = []
        while let entry = readdir(folder) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { $0.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) } }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// - Returns: 0, or the reason as an `errno`.
    static func writeAll(_ bytes: UnsafeRawBufferPointer, _ descriptor: Int32) -> Int32 {
        var done = 0
        while done < bytes.count {
            let count = Glibc.write(descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
            if count < 0, errno == EINTR { continue }
            if count <= 0 { return errno }
            done += count
        }
        return 0
    }
}
