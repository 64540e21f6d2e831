import Recording

/// A call to make of a connector.
public struct GuestCall: Sendable, Hashable {
    public var instance: String
    public var method: String
    public var arguments: [Call.Argument]

    public init(_ method: String, on instance: String = "main", _ arguments: [Call.Argument] = []) {
        self.instance = instance
        self.method = method
        self.arguments = arguments
    }
}

/// What came of it.
public struct GuestAnswer: Sendable, Hashable {
    public var outcome: Outcome
    /// The caller's own objects among the arguments that the connector changed, by parameter name.
    public var changedArguments: [String]

    public init(outcome: Outcome, changedArguments: [String] = []) {
        self.outcome = outcome
        self.changedArguments = changedArguments
    }
}
