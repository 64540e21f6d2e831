import Recording

/// Drives a connector through one story and records what happened. It judges nothing.
///
/// A probe never races and never sleeps: it holds the platform still and waits for what the oracle tells.
public protocol Probe: Sendable {
    /// Kebab case, unique: part of every fact's id.
    static var name: String { get }
    /// - Throws: ``ProbeStop`` where the story cannot go on (recorded), ``HarnessFault`` where the harness failed.
    static func run(_ stage: Stage) async throws
}

/// A probe cannot go on.
public struct ProbeStop: Error, Sendable {
    public var reason: String
    /// The label of the fact that stopped it.
    public var by: String?

    public init(_ reason: String, by: String? = nil) {
        self.reason = reason
        self.by = by
    }
}
