import Foundation
import JobHistory

/// The folders of the jobs of a state folder that no server has.
struct JobFolders {
    struct Removed {
        var folders = 0
        var bytes: Int64 = 0
        /// Those that could not be removed, and why the first could not.
        var left = 0
        var reason: String?
    }

    /// `jobs` in the state folder.
    let path: String

    init(state: String) { path = state + "/jobs" }

    /// What the job's folder holds, in bytes; nil where it has none.
    func bytes(of job: String) -> Int64? {
        let folder = path + "/" + job
        guard FileManager.default.fileExists(atPath: folder) else { return nil }
        var sum: Int64 = 0
        let files = FileManager.default.enumerator(atPath: folder)
        while let file = files?.nextObject() as? String {
            var status = stat()
            if lstat(folder + "/" + file, &status) == 0, status.st_mode & S_IFMT == S_IFREG { sum += Int64(status.st_size) }
        }
        return sum
    }

    /// Removes the folders of jobs that the history does not know, whenever they were pruned.
    func removeUnknown(to history: JobHistory) throws -> Removed {
        var removed = Removed()
        guard let folder = opendir(path) else { return removed }
        defer { closedir(folder) }
        var names: [String] = []
        while true {
            let entry = readdir(folder)
            if let entry, let name = Self.job(entry) { names.append(name) }
            guard entry == nil || names.count == Self.batch else { continue }
            for job in try history.unknown(of: names) { remove(job, &removed) }
            names = []
            if entry == nil { return removed }
        }
    }

    private static let batch = 1_000

    /// The name, where it is a job's.
    private static func job(_ entry: UnsafeMutablePointer<dirent>) -> String? {
        let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
            name.withMemoryRebound(to: CChar.self, capacity: Int(NAME_MAX) + 1) { String(cString: $0) }
        }
        return name.hasPrefix("job-") ? name : nil
    }

    private func remove(_ job: String, _ removed: inout Removed) {
        let bytes = bytes(of: job) ?? 0
        let folder = path + "/" + job
        if (try? FileManager.default.removeItem(atPath: folder)) == nil {
            // A job may take the rights to its own folders away.
            makeWritable(folder)
            do { try FileManager.default.removeItem(atPath: folder) } catch {
                removed.left += 1
                removed.reason = removed.reason ?? "\(folder): \(error.localizedDescription)"
                return
            }
        }
        removed.folders += 1
        removed.bytes += bytes
    }

    private func makeWritable(_ folder: String) {
        chmod(folder, 0o700)
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] {
            var status = stat()
            let path = folder + "/" + name
            if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR { makeWritable(path) }
        }
    }
}
