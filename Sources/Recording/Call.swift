/// One call of a method of the connector, with what came of it.
public struct Call: Sendable, Hashable, Codable {
    /// Which instance of the connector: `main` unless a probe uses several.
    public var instance: String
    /// The method, or `__init__` for the construction.
    public var method: String
    public var arguments: [Argument]
    public var outcome: Outcome
    /// True where the contract obliges this call to return normally.
    public var mustReturn: Bool
    /// The caller's own objects among the arguments that the connector changed, by parameter name.
    public var changedArguments: [String]
    /// Seconds since the recording began.
    public var endedAt: Double

    public init(
        instance: String, method: String, arguments: [Argument], outcome: Outcome, mustReturn: Bool,
        changedArguments: [String] = [], endedAt: Double
    ) {
        self.instance = instance
        self.method = method
        self.arguments = arguments
        self.outcome = outcome
        self.mustReturn = mustReturn
        self.changedArguments = changedArguments
        self.endedAt = endedAt
    }

    public struct Argument: Sendable, Hashable, Codable {
        /// The parameter's name; `positional` says how it was passed.
        public var name: String
        public var value: Value
        public var positional: Bool

        public init(_ name: String, _ value: Value, positional: Bool = false) {
            self.name = name
            self.value = value
            self.positional = positional
        }
    }
}

/// What came of a call.
public enum Outcome: Sendable, Hashable, Codable {
    case returned(Value)
    case raised(Raised)
    /// No answer by the deadline; the Python stacks at that moment.
    case timedOut(stacks: String)
    /// The guest process ended during the call; how.
    case died(how: String)

    public var value: Value? { if case .returned(let value) = self { value } else { nil } }

    public var raised: Raised? { if case .raised(let raised) = self { raised } else { nil } }
}

/// An exception that left the connector.
public struct Raised: Sendable, Hashable, Codable {
    /// Qualified name of its class, builtins without their module: `ValueError`, `requests.exceptions.ConnectionError`.
    public var type: String
    /// Qualified names of its class and bases, in method resolution order, without `object`.
    public var bases: [String]
    /// Which of the contract's exception classes it is an instance of, most derived first:
    /// `CloudConnectionError`, `CloudExecutionError`, `CloudException`, `FileOperationError`.
    public var contract: [String]
    public var message: String
    /// Types of its `__cause__` chain, outermost first.
    public var causes: [String]
    /// The connector's own frames, outermost first: `acme.py:41 submit_job`.
    public var frames: [String]
    /// The whole formatted traceback text, with causes and contexts: what a log would show.
    public var traceback: String

    public init(
        type: String, bases: [String], contract: [String] = [], message: String, causes: [String] = [], frames: [String] = [],
        traceback: String = ""
    ) {
        self.type = type
        self.bases = bases
        self.contract = contract
        self.message = message
        self.causes = causes
        self.frames = frames
        self.traceback = traceback
    }

    /// Whether it is an instance of the class of that name, a builtin or one of the contract's.
    public func isA(_ name: String) -> Bool { bases.contains(name) || contract.contains(name) }
}
