import Glibc

/// Looks a program up as a shell does.
/// - Parameters:
///   - name: a bare name; one with a slash is taken as the path itself.
///   - path: the folders to search, separated by colons, as in `PATH`.
/// - Returns: the absolute path of the first executable file, or nil.
public func findExecutable(named name: String, path: String) -> String? {
    if name.utf8.contains(UInt8(ascii: "/")) { return isExecutableFile(name) ? absolutePath(name) : nil }
    for folder in path.split(separator: ":") where !name.isEmpty {
        let candidate = "\(folder)/\(name)"
        if isExecutableFile(candidate) { return absolutePath(candidate) }
    }
    return nil
}

/// Not resolved through links: a link's own name can matter to the program (a virtual environment's `python`).
private func absolutePath(_ path: String) -> String? {
    if path.hasPrefix("/") { return path }
    guard let here = getcwd(nil, 0) else { return nil }
    defer { free(here) }
    return "\(String(cString: here))/\(path)"
}

private func isExecutableFile(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFREG && access(path, X_OK) == 0
}
