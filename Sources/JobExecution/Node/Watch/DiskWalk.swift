import Glibc

/// Counts what lies in a job's folder, a part at a time: a job may have very many files, and the node has other work.
///
/// What counts is what the file system has allocated, of folders too, and of a file with several names once. A file that was deleted while a
/// process still has it open is not found.
final class DiskWalk {
    private(set) var bytes: Int64 = 0
    /// Still to be looked into, as C strings: a name may be any bytes.
    private var folders: [[CChar]]
    private var current: (stream: OpaquePointer, path: [CChar])?
    private var counted: Set<UInt64> = []
    private let streams: LogWatch.Streams?

    /// The system's unit of allocation, whatever the file system's own.
    private static let blockBytes: Int64 = 512

    /// - Parameter streams: the job's output, which counts as far as it is kept.
    init(_ path: String, streams: LogWatch.Streams?) {
        folders = [Array(path.utf8CString)]
        self.streams = streams
    }

    deinit { if let current { closedir(current.stream) } }

    /// - Returns: whether everything has been looked at.
    func go(on entriesMax: Int) -> Bool {
        for _ in 0..<entriesMax {
            guard let (stream, path) = current else {
                guard let next = folders.popLast() else { return true }
                open(next)
                continue
            }
            guard let entry = readdir(stream) else {
                closedir(stream)
                current = nil
                continue
            }
            withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { count($0, in: path, dirfd(stream)) }
            }
        }
        return false
    }

    private func open(_ path: [CChar]) {
        let descriptor = Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { return }
        guard let stream = fdopendir(descriptor) else {
            close(descriptor)
            return
        }
        current = (stream, path)
    }

    private func count(_ name: UnsafePointer<CChar>, in path: [CChar], _ folder: Int32) {
        if strcmp(name, ".") == 0 || strcmp(name, "..") == 0 { return }
        var status = stat()
        guard fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
        let isFolder = status.st_mode & S_IFMT == S_IFDIR
        if !isFolder, status.st_nlink > 1, !counted.insert(UInt64(status.st_ino)).inserted { return }
        let allocated = Int64(status.st_blocks) * Self.blockBytes
        if let streams, streams.inodes.contains(UInt64(status.st_ino)) {
            bytes += min(allocated, streams.keptBytes)
        } else {
            bytes += allocated
        }
        if isFolder {
            // Not a sum of slice, array and buffer: the optimized program of Swift 6.3.1 crashes in it.
            var inner = path
            inner[inner.count - 1] = CChar(bitPattern: UInt8(ascii: "/"))
            inner.append(contentsOf: UnsafeBufferPointer(start: name, count: strlen(name) + 1))
            folders.append(inner)
        }
    }
}
