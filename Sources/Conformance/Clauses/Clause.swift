import Recording

/// One numbered clause of the contract, as a pure function from what was seen to a finding.
///
/// A clause asks nothing and waits for nothing: no time, no randomness, no I/O. Its level and title stand in ``Contract/rows``.
public protocol Clause: Sendable {
    /// The ways to break it; the raw value is the part after the slash of `SUB-01/returned-none`.
    associatedtype Breach: BreachCode

    static var id: String { get }
    /// Clauses without which this one says nothing: where one of them fails, this one is blocked by it.
    static var buildsOn: [String] { get }
    /// The probes whose recordings it needs. Recordings of other probes that ran may be read too.
    static var probes: [any Probe.Type] { get }
    /// The capability that it belongs to, nil for most.
    static var capability: Capability? { get }
    /// Its manual page.
    static var page: Page { get }

    /// - Throws: ``PremiseMissing`` where the recording does not reach the point that the clause is about.
    static func judge(_ evidence: Evidence) throws -> Finding<Breach>
}

extension Clause {
    public static var buildsOn: [String] { [] }
    public static var capability: Capability? { nil }
}

/// A small enum of breach codes.
public protocol BreachCode: RawRepresentable<String>, CaseIterable, Sendable, Hashable {}

/// What a clause finds.
public enum Finding<Breach: BreachCode>: Sendable {
    case holds(Witness)
    case breached(Breach, Failure)
    /// It does not apply to this connector, and why.
    case notApplicable(String)
    /// INFO only: what was seen.
    case noted(String, Witness)
}

/// The facts that made a premise true. Never empty, by type.
public struct Witness: Sendable, Hashable {
    public let facts: [String]

    public init(_ first: Fact, _ others: Fact...) { facts = [first.id] + others.map(\.id) }

    public init(_ first: Fact, others: [Fact]) { facts = [first.id] + others.map(\.id) }
}

/// What a breach looks like, in words that hold no time, port, pid or secret.
public struct Failure: Sendable, Hashable {
    /// One line: what the connector did.
    public var reason: String
    /// What the clause expects, as a short phrase: `a non-empty str`.
    public var expected: String
    /// What was seen instead, as a short phrase: `None`.
    public var seen: String
    /// The facts to show, in order: calls, and what the platform and the operating system saw.
    public var facts: [Fact]

    public init(_ reason: String, expected: String, seen: String, facts: [Fact]) {
        self.reason = reason
        self.expected = expected
        self.seen = seen
        self.facts = facts
    }
}

/// A clause's manual page, for `windtunnel contract ID`.
public struct Page: Sendable, Hashable {
    /// What it requires.
    public var requires: String
    /// Why a caller depends on it.
    public var why: String
    /// What a breach looks like.
    public var breach: String
    /// How to mend a connector that breaks it.
    public var mend: String
    /// A few lines of Python that break it.
    public var failing: String
    /// The same, mended.
    public var passing: String

    public init(requires: String, why: String, breach: String, mend: String, failing: String, passing: String) {
        self.requires = requires
        self.why = why
        self.breach = breach
        self.mend = mend
        self.failing = failing
        self.passing = passing
    }
}
