import Recording

/// A connector under test, wherever it lives. Sessions are isolated from each other like separate programs.
public protocol Subject: Sendable {
    /// Opens a fresh session. - Throws: ``HarnessFault`` only.
    func open() async throws -> any Session
    /// Opens another program of the user who runs `first`, on the same machine: the home folder and the one for temporary files are theirs both.
    /// - Throws: ``HarnessFault`` only.
    func open(beside first: any Session) async throws -> any Session
}

/// One isolated program in which instances of the connector live, by name.
public protocol Session: Sendable {
    /// Constructs an instance with these credentials (a dict, or None).
    func construct(instance: String, credentials: Value, deadline: Duration) async -> Reply
    func call(instance: String, method: String, arguments: [Call.Argument], deadline: Duration) async -> Reply
    /// All at once, each on a thread of its own; replies in the order of the calls.
    func parallel(_ calls: [PlannedCall], deadline: Duration) async -> [Reply]
    /// An attribute's value, or for `repr()` the instance's repr.
    func attribute(instance: String, name: String) async -> Outcome
    func state() async throws -> GuestState
    func inspect() async throws -> Inspection
    /// An extra look inside the guest, by name.
    func look(_ name: String, _ arguments: [Value.Field]) async throws -> Value
    func close() async
    /// The folder for temporary files that the connector sees; nil where there is none of its own.
    var temporaryFolder: String? { get }
}

extension Session {
    public var temporaryFolder: String? { nil }
}

public struct PlannedCall: Sendable, Hashable {
    public var label: String
    public var instance: String
    public var method: Method
    public var arguments: [Call.Argument]
    public var mustReturn: Bool

    public init(
        _ label: String, _ method: Method, _ arguments: [Call.Argument] = [], on instance: String = "main", mustReturn: Bool = true
    ) {
        self.label = label
        self.instance = instance
        self.method = method
        self.arguments = arguments
        self.mustReturn = mustReturn
    }
}

public struct Reply: Sendable, Hashable {
    public var outcome: Outcome
    /// The caller's own objects that the connector changed, by parameter name.
    public var changedArguments: [String]

    public init(_ outcome: Outcome, changedArguments: [String] = []) {
        self.outcome = outcome
        self.changedArguments = changedArguments
    }
}

/// The harness itself failed; never the connector's fault.
public struct HarnessFault: Error, Sendable, CustomStringConvertible {
    public var description: String

    public init(_ description: String) { self.description = description }
}
