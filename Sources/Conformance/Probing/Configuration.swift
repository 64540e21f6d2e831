import Recording

/// Builds the contract's `ResourceConfig` as an argument; the guest makes the real object of it.
public enum ResourceConfig {
    /// Only the fields given are passed; the dataclass's own defaults fill the rest.
    public static func with(instanceType: String = "standard", _ fields: Value.Field...) -> Value {
        .record(
            Value.Record(
                type: "ResourceConfig", fields: [Value.Field("instance_type", .string(instanceType))] + fields, isContract: true))
    }
}

/// Builds the contract's `JobStatus` members as arguments.
public enum Status: String, Sendable, Hashable, CaseIterable {
    case pending, running, succeeded, failed, cancelled, unknown

    public var value: Value {
        .member(Value.Member(type: "JobStatus", name: rawValue.uppercased(), value: .string(rawValue), isContract: true))
    }

    /// The status of a returned value: nil where it is not a member of the contract's `JobStatus`.
    public init?(_ value: Value?) {
        guard case .member(let member)? = value, member.isContract, let status = Status(rawValue: member.name.lowercased()) else {
            return nil
        }
        self = status
    }

    /// The status that a listed row shows, as a `JobStatus` or as its value.
    public init?(listed value: Value?) {
        if let status = Status(value) {
            self = status
        } else if let text = value?.string, let status = Status(rawValue: text.lowercased()) {
            self = status
        } else {
            return nil
        }
    }

    public var isTerminal: Bool { self == .succeeded || self == .failed || self == .cancelled }
}
