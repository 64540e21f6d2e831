import Foundation

/// The files that a job left in its artifacts folder. No link is followed: a job cannot make the platform hand out a file
/// from elsewhere.
struct ArtifactsFolder {
    /// The most artifacts that are listed.
    static let limit = 10_000
    static let depthLimit = 32

    let path: String

    /// The paths of the regular files, relative to the folder, sorted.
    func list() -> [String] {
        var found: [String] = []
        collect("", 0, into: &found)
        return found.sorted()
    }

    /// A file of it; nil when there is none of that path, or a link or `..` is on the way.
    func open(_ relative: String) -> OpenFile? {
        guard let file = try? FilePath(relative) else { return nil }
        return try? ConfinedFolder(path: path).open(file)
    }

    private func collect(_ relative: String, _ depth: Int, into found: inout [String]) {
        guard depth < Self.depthLimit else { return }
        let here = relative.isEmpty ? path : "\(path)/\(relative)"
        for name in ((try? FileManager.default.contentsOfDirectory(atPath: here)) ?? []).sorted() {
            guard found.count < Self.limit else { return }
            var information = stat()
            guard lstat("\(here)/\(name)", &information) == 0 else { continue }
            let inner = relative.isEmpty ? name : "\(relative)/\(name)"
            switch information.st_mode & S_IFMT {
            case S_IFREG: found.append(inner)
            case S_IFDIR: collect(inner, depth + 1, into: &found)
            default: break
            }
        }
    }
}
