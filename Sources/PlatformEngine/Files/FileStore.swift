import Foundation

/// The files that tenants keep on the platform, each tenant's in a folder of its own.
///
///     let upload = try store.upload(try FilePath("data/a.csv"), tenant: tenant)
///     for part in parts { try upload.write(part) }
///     let stored = try await upload.finish()
///
/// A file changes in one step: a reader has the old one or the new one to its end. What is not finished leaves nothing.
public final class FileStore: Sendable {
    /// The most bytes of one file.
    public static let fileBytesMax: Int64 = 50 * 1024 * 1024 * 1024

    private let root: String
    private let isDurable: Bool
    private let writing: Writing
    /// Placing and removing are one at a time: a folder that is empty for a moment must not vanish below a new file.
    private let placing = PlacingLock()

    /// Appends to a descriptor; gives 0, or the reason as an `errno`.
    typealias Writing = @Sendable (Int32, UnsafeRawBufferPointer) -> Int32

    /// Removes what unfinished uploads of an earlier life left.
    ///
    /// - Parameters:
    ///   - root: made with the first upload.
    ///   - isDurable: whether an upload waits for the disk.
    init(root: String, isDurable: Bool, writing: @escaping Writing = FileUpload.append) {
        self.root = root
        self.isDurable = isDurable
        self.writing = writing
        try? FileManager.default.removeItem(atPath: drafts)
    }

    /// No tenant's folder begins with a dot.
    private var drafts: String { root + "/.uploads" }

    /// Begins a file, or its replacement.
    ///
    /// - Throws: `conflict` for a path that is a folder or below a file, `invalid` for one that a link is on, `unavailable`.
    public func upload(_ path: FilePath, tenant: Tenant) throws(PlatformError) -> FileUpload {
        let folder = folder(of: tenant)
        do throws(ConfinedFolder.Obstacle) { _ = try folder.holds(path) } catch { throw PlatformError(error, path) }
        mkdir(root, 0o700)
        mkdir(drafts, 0o700)
        let draft = "\(drafts)/\(UUID().uuidString)"
        let descriptor = Foundation.open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { throw PlatformError(ConfinedFolder.Obstacle.system(errno: errno), path) }
        return FileUpload(
            path: path, folder: folder, draft: draft, descriptor: Descriptor(descriptor), isDurable: isDurable, writing: writing,
            placing: placing)
    }

    /// - Throws: `notFound`; `conflict` for a folder.
    public func open(_ path: FilePath, tenant: Tenant) throws(PlatformError) -> FileContent {
        do throws(ConfinedFolder.Obstacle) {
            return FileContent(try folder(of: tenant).open(path))
        } catch {
            throw PlatformError(error, path)
        }
    }

    /// Removes a file, and the folders that are empty without it. Who reads it reads on.
    ///
    /// - Throws: `notFound`; `conflict` for a folder.
    public func delete(_ path: FilePath, tenant: Tenant) throws(PlatformError) {
        let folder = folder(of: tenant)
        try placing.run { () throws(PlatformError) in
            do throws(ConfinedFolder.Obstacle) { try folder.remove(path) } catch { throw PlatformError(error, path) }
        }
    }

    /// The tenant's files, sorted by the bytes of their paths.
    ///
    /// - Parameters:
    ///   - prefix: of the paths, such as `data/`; empty for all.
    ///   - after: only paths behind this one.
    ///   - limit: 1 or more.
    public func list(tenant: Tenant, prefix: String = "", after: String = "", limit: Int) -> FilePage {
        FileListing.page(of: folder(of: tenant), prefix: prefix, after: after, limit: limit)
    }

    func folder(of tenant: Tenant) -> ConfinedFolder {
        ConfinedFolder(path: "\(root)/\(Self.folderName(of: tenant))")
    }

    /// A tenant's name as that of a folder: letters, digits, `-` and `_` as they are, every other byte in hexadecimal.
    private static func folderName(of tenant: Tenant) -> String {
        tenant.name.utf8.map { byte in
            let letter = Character(UnicodeScalar(byte))
            let isPlain = byte < 0x80 && (letter.isLetter || letter.isNumber || letter == "-" || letter == "_")
            return isPlain ? String(letter) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
        }.joined()
    }
}

extension PlatformError {
    /// What stands in the way of a file, for the client that named it.
    init(_ obstacle: ConfinedFolder.Obstacle, _ path: FilePath) {
        switch obstacle {
        case .missing:
            self.init(.notFound, "there is no file \"\(path.text)\"")
        case .belowFile(let file):
            self.init(.conflict, "\"\(path.text)\" cannot be there: \"\(file)\" is a file, not a folder")
        case .folder:
            self.init(.conflict, "\"\(path.text)\" is a folder; list it with GET /v1/files?prefix=\(path.text)/")
        case .notPlain(let part):
            self.init(.invalid, "\"\(path.text)\" cannot be used: \"\(part)\" is a link or a special file, which are not followed")
        case .system(let code) where code == ENOSPC || code == EDQUOT:
            self.init(.unavailable, "the disk is full: \"\(path.text)\" was not stored; free space, then try again")
        case .system(let code) where code == EMFILE || code == ENFILE:
            self.init(.unavailable, "the platform has too many files open: try \"\(path.text)\" again later")
        case .system(let code):
            self.init(.internal, "\"\(path.text)\" cannot be stored or read: \(String(cString: strerror(code)))")
        }
    }
}
