import Foundation

/// A folder whose files are reached by descriptors, part by part: no link is followed, so nothing outside is ever touched.
struct ConfinedFolder: Sendable {
    let path: String

    /// Why a path leads to no file.
    enum Obstacle: Error, Sendable, Hashable {
        case missing
        /// A part on the way is a file.
        case belowFile(String)
        case folder
        /// A part is a link or another thing that is neither file nor folder.
        case notPlain(String)
        case system(errno: Int32)
    }

    /// Opens a regular file for reading.
    func open(_ file: FilePath) throws(Obstacle) -> OpenFile {
        let parent = try enter(file)
        let descriptor = openat(parent.number, file.name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK)
        let failure = errno
        // `OpenFile` closes what is no regular file.
        if descriptor >= 0, let opened = OpenFile(adopting: descriptor) { return opened }
        try refuse(file.name, in: parent, at: file.text)
        throw failure == ENOENT ? .missing : .system(errno: failure)
    }

    /// Whether there is a regular file of this path. What cannot be one is thrown, a path that is free is not.
    func holds(_ file: FilePath) throws(Obstacle) -> Bool {
        do {
            let parent = try enter(file)
            try refuse(file.name, in: parent, at: file.text)
            return mode(file.name, in: parent) != nil
        } catch .missing {
            return false
        }
    }

    /// Moves a finished file to its place, in one step for every reader, and makes the folders on the way.
    ///
    /// - Parameter draft: its path, on the same file system.
    /// - Returns: whether there was none before.
    func place(_ draft: String, as file: FilePath) throws(Obstacle) -> Bool {
        let parent = try enter(file, creating: true)
        try refuse(file.name, in: parent, at: file.text)
        let isNew = mode(file.name, in: parent) == nil
        guard renameat(AT_FDCWD, draft, parent.number, file.name) == 0 else {
            let failure = errno
            removeEmptyFolders(above: file)
            throw .system(errno: failure)
        }
        return isNew
    }

    /// Removes a regular file, and the folders that are empty without it.
    func remove(_ file: FilePath) throws(Obstacle) {
        let parent = try enter(file)
        guard mode(file.name, in: parent) != nil else { throw .missing }
        try refuse(file.name, in: parent, at: file.text)
        guard unlinkat(parent.number, file.name, 0) == 0 else { throw .system(errno: errno) }
        removeEmptyFolders(above: file)
    }

    private func removeEmptyFolders(above file: FilePath) {
        for count in (1..<max(1, file.parts.count)).reversed() {
            guard let parent = try? enter(file.parts.prefix(count - 1), creating: false),
                unlinkat(parent.number, file.parts[count - 1], AT_REMOVEDIR) == 0
            else { return }
        }
    }

    private func enter(_ file: FilePath, creating: Bool = false) throws(Obstacle) -> Descriptor {
        try enter(file.parts.dropLast(), creating: creating)
    }

    /// The folder that these parts lead to.
    func enter(_ parts: ArraySlice<String>, creating: Bool) throws(Obstacle) -> Descriptor {
        if creating { mkdir(path, 0o700) }
        var folder = Descriptor(Foundation.open(path, Self.folderFlags))
        guard folder.isOpen else { throw errno == ENOENT ? .missing : .system(errno: errno) }
        for (index, part) in parts.enumerated() {
            if creating, mkdirat(folder.number, part, 0o700) != 0, errno != EEXIST { throw .system(errno: errno) }
            let next = Descriptor(openat(folder.number, part, Self.folderFlags))
            guard next.isOpen else {
                let failure = errno
                let way = parts.prefix(index + 1).joined(separator: "/")
                if let mode = mode(part, in: folder) {
                    if mode == S_IFREG { throw .belowFile(way) }
                    if mode != S_IFDIR { throw .notPlain(way) }
                }
                throw failure == ENOENT ? .missing : .system(errno: failure)
            }
            folder = next
        }
        return folder
    }

    /// Throws when the name is there and is no regular file.
    private func refuse(_ name: String, in parent: Descriptor, at path: String) throws(Obstacle) {
        guard let mode = mode(name, in: parent), mode != S_IFREG else { return }
        throw mode == S_IFDIR ? .folder : .notPlain(path)
    }

    private func mode(_ name: String, in folder: Descriptor) -> mode_t? {
        var information = stat()
        return fstatat(folder.number, name, &information, AT_SYMLINK_NOFOLLOW) == 0 ? information.st_mode & S_IFMT : nil
    }

    static let folderFlags = O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW
}

/// A descriptor that is closed with this.
final class Descriptor: Sendable {
    let number: Int32

    init(_ number: Int32) { self.number = number }

    deinit { if number >= 0 { close(number) } }

    var isOpen: Bool { number >= 0 }
}

extension FilePath {
    /// The last part.
    var name: String { parts[parts.count - 1] }
}
