import Glibc

/// Whether the disk has room for the folder of one more job. One that is accepted with the last bytes could not start.
struct JobRoom: Sendable {
    /// Where the folders of jobs are.
    let path: String

    /// What is kept for those that were accepted, and for what the history has to tell of them.
    private static let bytesMin: UInt64 = 1 << 20
    private static let inodesMin: UInt64 = 64

    /// Why there is no room; nil where there is, or where the file system does not tell.
    func lack() -> String? {
        var told = statvfs()
        guard statvfs(path, &told) == 0 else { return nil }
        let remedy = "free some disk space, what was stored is kept"
        if told.f_blocks > 0, UInt64(told.f_bavail) * UInt64(told.f_frsize) < Self.bytesMin {
            return "the disk is full: less than 1 MiB is left for \(path); \(remedy)"
        }
        if told.f_files > 0, UInt64(told.f_favail) < Self.inodesMin {
            return "the disk is full: fewer than \(Self.inodesMin) files can be created in \(path); \(remedy)"
        }
        return nil
    }
}
