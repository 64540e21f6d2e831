import Foundation
import PlatformEngine

/// A token that outlives the server: a file of the state folder (0600), so that clients know the next server too.
struct StoredToken: Sendable {
    private let path: String

    /// - Parameter name: the file's, in the state folder.
    init(_ name: String, stateFolder: String) { path = stateFolder + "/" + name }

    static func primary(_ stateFolder: String) -> StoredToken { StoredToken("token", stateFolder: stateFolder) }
    static func admin(_ stateFolder: String) -> StoredToken { StoredToken("admin-token", stateFolder: stateFolder) }

    /// The token of the last server, or `given` in its place; a new one where there is neither. It is stored when this returns.
    func take(_ given: Token?) throws(ServerError) -> Token {
        let stored = try read()
        let token = given ?? stored ?? .random()
        if token != stored { try PrivateFile.write(Array("\(token.text)\n".utf8), to: path) }
        return token
    }

    private func read() throws(ServerError) -> Token? {
        guard access(path, F_OK) == 0 else { return nil }
        let contents = FileManager.default.contents(atPath: path)
        let text = contents.map { String(decoding: $0, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines) } ?? ""
        guard !text.isEmpty, text.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { throw .noToken(path: path) }
        return Token(text)
    }
}

/// Files that only their owner may read.
enum PrivateFile {
    /// Puts it there by rename, over what was there.
    static func write(_ bytes: [UInt8], to path: String) throws(ServerError) {
        let draft = path + ".new"
        unlink(draft)
        let descriptor = open(draft, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .cannotNote(path: path, detail: String(cString: strerror(errno))) }
        let written = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress, $0.count) }
        let detail = written == bytes.count ? nil : String(cString: strerror(errno))
        close(descriptor)
        if let detail { throw .cannotNote(path: path, detail: detail) }
        guard rename(draft, path) == 0 else { throw .cannotNote(path: path, detail: String(cString: strerror(errno))) }
    }
}
