import Foundation

/// A page of the files below a folder.
public struct FilePage: Sendable, Hashable {
    public struct Entry: Sendable, Hashable {
        public var path: String
        public var sizeBytes: Int64
    }

    public var files: [Entry]
    /// `after` of the next page; nil when this is the last.
    public var next: String?
}

/// Walks a folder in the order of its files' paths, byte by byte, and looks into no folder that can hold none of the page.
struct FileListing {
    /// How deep it looks: as deep as a path can be.
    static let depthMax = FilePath.partsMax

    private let prefix: [UInt8]
    private let after: [UInt8]
    private let limit: Int
    private var found: [FilePage.Entry] = []

    /// - Parameters:
    ///   - prefix: of the paths.
    ///   - after: only paths behind this one; empty for all.
    ///   - limit: 1 or more.
    static func page(of folder: ConfinedFolder, prefix: String, after: String, limit: Int) -> FilePage {
        var listing = FileListing(prefix: Array(prefix.utf8), after: Array(after.utf8), limit: limit)
        if let root = try? folder.enter([], creating: false) { listing.collect(root, "", 0) }
        let files = Array(listing.found.prefix(limit))
        return FilePage(files: files, next: listing.found.count > limit ? files.last?.path : nil)
    }

    private init(prefix: [UInt8], after: [UInt8], limit: Int) {
        self.prefix = prefix
        self.after = after
        self.limit = limit
    }

    private mutating func collect(_ folder: Descriptor, _ path: String, _ depth: Int) {
        for (name, information) in Self.entries(folder) {
            // One more than asked for tells whether there is a next page.
            guard found.count <= limit else { return }
            let inner = path + name
            if information.st_mode & S_IFMT == S_IFREG {
                let bytes = Array(inner.utf8)
                guard bytes.starts(with: prefix), after.lexicographicallyPrecedes(bytes) else { continue }
                found.append(FilePage.Entry(path: inner, sizeBytes: Int64(information.st_size)))
            } else if depth < Self.depthMax, mayHold(Array("\(inner)/".utf8)) {
                let next = Descriptor(openat(folder.number, name, ConfinedFolder.folderFlags))
                if next.isOpen { collect(next, "\(inner)/", depth + 1) }
            }
        }
    }

    /// Whether a folder may hold paths of the page.
    private func mayHold(_ folder: [UInt8]) -> Bool {
        guard folder.starts(with: prefix) || prefix.starts(with: folder) else { return false }
        return after.lexicographicallyPrecedes(folder) || after.starts(with: folder)
    }

    /// What is in a folder, so that a walk gives sorted paths: a folder stands where its name with the slash would.
    private static func entries(_ folder: Descriptor) -> [(name: String, information: stat)] {
        guard let stream = fdopendir(dup(folder.number)) else { return [] }
        defer { closedir(stream) }
        rewinddir(stream)
        var entries: [(name: String, information: stat, key: [UInt8])] = []
        while let entry = readdir(stream) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { name in
                name.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            var information = stat()
            guard name != ".", name != "..", fstatat(folder.number, name, &information, AT_SYMLINK_NOFOLLOW) == 0 else { continue }
            let kind = information.st_mode & S_IFMT
            guard kind == S_IFREG || kind == S_IFDIR else { continue }
            entries.append((name, information, Array((kind == S_IFDIR ? "\(name)/" : name).utf8)))
        }
        entries.sort { $0.key.lexicographicallyPrecedes($1.key) }
        return entries.map { ($0.name, $0.information) }
    }
}
