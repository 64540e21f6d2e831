import Foundation
import PlatformEngine

/// The tokens of the tenants that an administrator made: a file each (0600) in the state folder's `tenants` (0700).
struct StoredTenants: Sendable {
    static let nameLimitCharacters = 64
    private let path: String

    init(stateFolder: String) { path = stateFolder + "/tenants" }

    /// A name that is a file's: letters, digits, and `-`, `_`, `.` behind the first.
    static func isName(_ name: String) -> Bool {
        guard (1...nameLimitCharacters).contains(name.utf8.count), name.first?.isLetter == true || name.first?.isNumber == true
        else { return false }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
            default: false
            }
        }
    }

    /// Gives every tenant the token that it had.
    func restore(_ tenants: TenantTable) throws(ServerError) {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
        for name in names.sorted() where Self.isName(name) && !name.hasSuffix(".new") {
            tenants.set(try StoredToken(name, stateFolder: path).take(nil), of: Tenant(name: name))
        }
    }

    /// Makes a token for a new tenant. It is stored when this returns.
    func make(_ name: String) throws(ServerError) -> Token {
        mkdir(path, 0o700)
        return try StoredToken(name, stateFolder: path).take(nil)
    }
}
