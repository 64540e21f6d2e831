/// How long a node without engine and without jobs waits before it ends by itself, unless told otherwise.
public let nodeIdleSecondsStandard = 60.0

/// The command line of a node, which only the engine writes.
struct NodeOptions {
    var folder: String
    /// Where the jobs' folders are; nil is in the node's own.
    var jobs: String?
    var name: String
    var socket: String
    var readyDescriptor: Int32?
    /// How long a node without engine and without jobs waits before it ends, so that nothing is left over.
    var idleSeconds: Double = nodeIdleSecondsStandard

    var accounting = Accounting.auto

    init(arguments: [String]) throws(NodeStartError) {
        var values: [String: String] = [:]
        var rest = arguments[...]
        while let option = rest.popFirst() {
            guard Self.known.contains(option) else {
                throw NodeStartError(description: "unknown option \"\(option)\"; known are \(Self.known.joined(separator: ", "))")
            }
            guard let value = rest.popFirst() else { throw NodeStartError(description: "\(option) needs a value") }
            values[option] = value
        }
        guard let folder = values["--folder"], let name = values["--name"], let socket = values["--socket"] else {
            throw NodeStartError(description: "--folder, --name and --socket are required")
        }
        self.folder = folder
        jobs = values["--jobs"]
        self.name = name
        self.socket = socket
        readyDescriptor = try Self.number(values["--ready-fd"], "--ready-fd").map { Int32($0) }
        idleSeconds = try Self.number(values["--idle-seconds"], "--idle-seconds") ?? nodeIdleSecondsStandard
        if let given = values["--accounting"] {
            guard let known = Accounting(rawValue: given) else {
                let names = Accounting.allCases.map(\.rawValue).joined(separator: ", ")
                throw NodeStartError(description: "--accounting is one of \(names), not \"\(given)\"")
            }
            accounting = known
        }
    }

    private static let known = ["--folder", "--jobs", "--name", "--socket", "--ready-fd", "--idle-seconds", "--accounting"]

    private static func number(_ text: String?, _ option: String) throws(NodeStartError) -> Double? {
        guard let text else { return nil }
        guard let number = Double(text), (0...1_000_000).contains(number) else {
            throw NodeStartError(description: "\(option) needs a number, not \"\(text)\"")
        }
        return number
    }
}
