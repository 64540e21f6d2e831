import Recording

// The guest's requests and answers, by the names that its `host.py` and `session.py` use.

struct LoadParameters: Encodable, Sendable {
    /// On this signal a guest writes its stacks to the file `dump`.
    var signal: Int32
    var dump: String
    var folder: String
    var file: String?
    var module: String?
    var `class`: String
}

/// What the import found.
struct Loaded: Decodable, Sendable {
    var version: String
    /// The folder of the connector's own code; empty when it is not known.
    var root: String
    var threads: Int
    /// Modules that do not survive a fork.
    var hostile: [String]
    /// Sockets, pipes, event loops' descriptors that the import opened: forks would take each other's events and answers.
    var shared: [String]
    var ownNeural: Bool

    var canFork: Bool { threads == 1 && hostile.isEmpty && shared.isEmpty }
}

struct SessionParameters: Encodable, Sendable {
    var socket: String
    var stdout: String
    var stderr: String
    var tmp: String
    var home: String
    var dump: String
    var environment: [String: String]
    var without: [String]
}

struct Forked: Decodable, Sendable { var pid: Int32 }

struct ReapParameters: Encodable, Sendable { var pid: Int32 }

struct Reaped: Decodable, Sendable {
    var code: Int32?
    var signal: Int32?
}

struct ConstructParameters: Encodable, Sendable {
    var instance: String
    var credentials: WireValue
}

struct CheckParameters: Encodable, Sendable { var credentials: WireValue }

struct CallParameters: Encodable, Sendable {
    var instance: String
    var method: String
    var args: [Argument]

    struct Argument: Encodable, Sendable {
        var name: String
        var value: WireValue
        var positional: Bool
    }

    init(_ call: GuestCall) {
        instance = call.instance
        method = call.method
        args = call.arguments.map { Argument(name: $0.name, value: WireValue($0.value), positional: $0.positional) }
    }
}

struct ParallelParameters: Encodable, Sendable { var calls: [CallParameters] }

struct AttributeParameters: Encodable, Sendable {
    var instance: String
    var name: String
}

struct LookParameters: Encodable, Sendable {
    var name: String
    var parameters: WireValue
}

struct Nothing: Codable, Sendable {}

/// `{"returned": value}` or `{"raised": {…}}`, with the names of changed arguments.
struct WireOutcome: Decodable, Sendable {
    var outcome: Outcome
    var changed: [String]

    private enum Key: String, CodingKey { case returned, raised, changed }

    init(from decoder: any Decoder) throws {
        let answer = try decoder.container(keyedBy: Key.self)
        changed = try answer.decodeIfPresent([String].self, forKey: .changed) ?? []
        if answer.contains(.raised) {
            outcome = .raised(try answer.decode(Raised.self, forKey: .raised))
        } else {
            outcome = .returned(try answer.decode(WireValue.self, forKey: .returned).value)
        }
    }
}

struct WireOutcomes: Decodable, Sendable { var outcomes: [WireOutcome] }

struct WireInspection: Decodable, Sendable {
    var overridden: [String]
    var ownNeural: Bool
    var python: String
    var neural: [WireField]

    var inspection: Inspection {
        Inspection(overridden: overridden, ownNeural: ownNeural, python: python, neural: neural.map(\.field))
    }
}
