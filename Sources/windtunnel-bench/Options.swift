/// `--name value` pairs. Whatever is not asked for by the time of `finish` is refused by name.
struct Options {
    private var values: [String: String] = [:]

    init(_ words: [String]) throws(BenchError) {
        var rest = words[...]
        while let word = rest.popFirst() {
            guard word.hasPrefix("--"), let value = rest.popFirst() else {
                throw .usage("'\(word)' is not understood; options are --name value")
            }
            values[String(word.dropFirst(2))] = value
        }
    }

    mutating func text(_ name: String) throws(BenchError) -> String {
        guard let value = values.removeValue(forKey: name) else { throw .usage("--\(name) is missing") }
        return value
    }

    mutating func optional(_ name: String) -> String? { values.removeValue(forKey: name) }

    mutating func positive(_ name: String, or standard: Int) throws(BenchError) -> Int {
        guard let text = values.removeValue(forKey: name) else { return standard }
        guard let number = Int(text), number > 0 else { throw .usage("--\(name) is '\(text)'; it is a whole number above 0") }
        return number
    }

    /// `--port`, `--token` and `--connections`.
    mutating func server() throws(BenchError) -> Server {
        let text = try text("port")
        guard let port = UInt16(text), port > 0 else { throw .usage("--port is '\(text)'; a port is 1 to 65535") }
        return Server(port: port, token: try self.text("token"), connections: try positive("connections", or: 8))
    }

    func finish() throws(BenchError) {
        if let unknown = values.keys.sorted().first { throw .usage("--\(unknown) is not an option of this load") }
    }
}

/// Who is asked, and over how many connections at once.
struct Server: Sendable {
    var port: UInt16
    var token: String
    var connections: Int
}
