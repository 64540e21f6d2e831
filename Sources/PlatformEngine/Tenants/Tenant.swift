/// Whose jobs they are. Jobs of one tenant are invisible to every other.
public struct Tenant: Sendable, Hashable {
    public let name: String

    public init(name: String) { self.name = name }

    /// Whose token `serve` prints.
    public static let primary = Tenant(name: "default")
}
