/// A Python (or JSON-RPC) value as the guest saw it, with its type: a bool is not an int, an enum member is not its value,
/// a dataclass is not a dict.
public indirect enum Value: Sendable, Hashable, Codable {
    case none
    case bool(Bool)
    case int(Int)
    case double(Double)
    case string(String)
    case bytes([UInt8])
    case list([Value])
    case tuple([Value])
    /// In the order of the dict.
    case dict([Pair])
    case member(Member)
    case record(Record)
    /// Anything else: its qualified type and its `repr`, addresses taken out.
    case other(type: String, repr: String)

    public struct Pair: Sendable, Hashable, Codable {
        public var key: Value
        public var value: Value

        public init(_ key: Value, _ value: Value) {
            self.key = key
            self.value = value
        }
    }

    /// A member of an Enum.
    public struct Member: Sendable, Hashable, Codable {
        /// The class's own name, `JobStatus`.
        public var type: String
        public var name: String
        public var value: Value
        /// True where the class is the contract's own (`neural.integrations.JobStatus` as the connector sees it).
        public var isContract: Bool

        public init(type: String, name: String, value: Value, isContract: Bool) {
            self.type = type
            self.name = name
            self.value = value
            self.isContract = isContract
        }
    }

    /// An instance of a dataclass, or of a class derived from one.
    public struct Record: Sendable, Hashable, Codable {
        public var type: String
        public var fields: [Field]
        /// True where it is an instance of the contract's own class (`JobResult`, `ResourceConfig`).
        public var isContract: Bool

        public init(type: String, fields: [Field], isContract: Bool) {
            self.type = type
            self.fields = fields
            self.isContract = isContract
        }

        public subscript(name: String) -> Value? { fields.first { $0.name == name }?.value }
    }

    public struct Field: Sendable, Hashable, Codable {
        public var name: String
        public var value: Value

        public init(_ name: String, _ value: Value) {
            self.name = name
            self.value = value
        }
    }
}

extension Value {
    /// The text of a str, nil for every other type.
    public var string: String? { if case .string(let text) = self { text } else { nil } }

    public var items: [Value]? { if case .list(let items) = self { items } else { nil } }

    public var record: Record? { if case .record(let record) = self { record } else { nil } }

    public var member: Member? { if case .member(let member) = self { member } else { nil } }

    /// The value of a str key of a dict.
    public subscript(key: String) -> Value? {
        guard case .dict(let pairs) = self else { return nil }
        return pairs.first { $0.key == .string(key) }?.value
    }

    /// The Python name of its type, for sentences: `str`, `JobStatus`, `NoneType`.
    public var typeName: String {
        switch self {
        case .none: "NoneType"
        case .bool: "bool"
        case .int: "int"
        case .double: "float"
        case .string: "str"
        case .bytes: "bytes"
        case .list: "list"
        case .tuple: "tuple"
        case .dict: "dict"
        case .member(let member): member.type
        case .record(let record): record.type
        case .other(let type, _): type
        }
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByNilLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int) { self = .int(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(nilLiteral: ()) { self = .none }
}
