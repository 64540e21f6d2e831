import Simulation

/// A model that answers on a URL of its own.
public struct Endpoint: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable, CaseIterable {
        /// After a start of the platform, until its process answers again.
        case starting
        case ready
        /// Its process ended by itself, or did not come up again.
        case failed
    }

    public var name: String
    /// As it was given.
    public var modelPath: String
    public var resources: Resources
    public var createdAt: Timestamp
    public var status: Status
    /// Of a failed one.
    public var reason: String?
    /// Where it answers, on 127.0.0.1.
    public var port: Int

    public var url: String { "http://127.0.0.1:\(port)/" }
}

/// An endpoint as its creator wants it.
public struct EndpointRequest: Sendable, Hashable {
    public static let nameCharactersMax = 63

    public var name: String
    public var modelPath: String
    public var resources: Resources

    /// - Throws: `invalid` for a name that cannot be one.
    public init(name: String, modelPath: String, resources: Resources = Resources()) throws(PlatformError) {
        let allowed = name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
        guard allowed, (1...Self.nameCharactersMax).contains(name.utf8.count) else {
            throw .invalid("name: must have 1 to \(Self.nameCharactersMax) characters, letters, digits, \"-\" and \"_\" only")
        }
        self.name = name
        self.modelPath = modelPath
        self.resources = resources
    }
}
