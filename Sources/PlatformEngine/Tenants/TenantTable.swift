import Synchronization

/// Which token is whose.
public final class TenantTable: Sendable {
    private let tokens = Mutex<[(token: Token, tenant: Tenant)]>([])

    init() {}

    /// Gives a tenant a token, in place of the one it had.
    public func set(_ token: Token, of tenant: Tenant) {
        tokens.withLock { tokens in
            tokens.removeAll { $0.tenant == tenant }
            tokens.append((token, tenant))
        }
    }

    func remove(_ tenant: Tenant) {
        tokens.withLock { $0.removeAll { $0.tenant == tenant } }
    }

    /// The tenant with that token. It compares with every token, in constant time each.
    public func tenant(withToken text: Substring) -> Tenant? {
        tokens.withLock { tokens in
            var found: Tenant?
            for (token, tenant) in tokens where token.matches(text) { found = tenant }
            return found
        }
    }

    /// The primary tenant's token, once a server has set it.
    public var primaryToken: Token? { token(of: .primary) }

    /// A tenant's token; nil for one that has none.
    public func token(of tenant: Tenant) -> Token? {
        tokens.withLock { tokens in tokens.first { $0.tenant == tenant }?.token }
    }

    /// The names of all who have a token.
    var names: [String] { tokens.withLock { $0.map(\.tenant.name) } }
}
