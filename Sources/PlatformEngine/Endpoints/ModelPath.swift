import Foundation

/// Finds the Python file that a model's path means.
enum ModelPath {
    /// - Parameters:
    ///   - path: an absolute one of this machine, or one in the tenant's storage; of a folder with `model.py`, or of a file `*.py`.
    ///   - storage: the tenant's.
    /// - Returns: the file's absolute path.
    /// - Throws: `invalid`, saying what is missing.
    static func file(_ path: String, storage: ConfinedFolder) throws(PlatformError) -> String {
        guard !path.isEmpty, !path.utf8.contains(0) else {
            throw .invalid("model_path: must name a folder with model.py, or a file that ends with .py; it is empty or holds a NUL")
        }
        let whole = path.hasPrefix("/") ? path : try stored(path, storage)
        switch kind(whole) {
        case S_IFREG where whole.hasSuffix(".py"):
            return whole
        case S_IFREG:
            throw .invalid("model_path: \"\(path)\" is a file that does not end with .py; name it so, or the folder that holds model.py")
        case S_IFDIR:
            let model = "\(whole)/model.py"
            guard kind(model) == S_IFREG else { throw .invalid("model_path: the folder \"\(path)\" holds no model.py") }
            return model
        default:
            let place = path.hasPrefix("/") ? "on this machine" : "among your files; store it with PUT /v1/files/\(path)/model.py"
            throw .invalid("model_path: there is no \"\(path)\" \(place)")
        }
    }

    /// The place of a path in the storage; no link is on the way.
    private static func stored(_ path: String, _ storage: ConfinedFolder) throws(PlatformError) -> String {
        let trimmed = path.hasSuffix("/") ? String(path.dropLast()) : path
        let file: FilePath
        do { file = try FilePath(trimmed) } catch { throw .invalid("model_path: \(error.message)") }
        for count in 1...file.parts.count {
            let way = storage.path + "/" + file.parts.prefix(count).joined(separator: "/")
            var information = stat()
            guard lstat(way, &information) == 0, information.st_mode & S_IFMT == S_IFLNK else { continue }
            throw .invalid("model_path: \"\(path)\" leads over a link, which is not followed")
        }
        return storage.path + "/" + trimmed
    }

    private static func kind(_ path: String) -> mode_t? {
        var information = stat()
        return stat(path, &information) == 0 ? information.st_mode & S_IFMT : nil
    }
}
