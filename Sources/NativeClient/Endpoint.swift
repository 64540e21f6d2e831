/// Where a platform listens: `http://HOST:PORT`, with nothing behind it.
struct Endpoint: Sendable, Equatable {
    let host: String
    let port: Int
    let text: String

    init(_ text: String) throws(NativeClientError) {
        let prefix = "http://"
        guard text.hasPrefix(prefix) else { throw .badEndpoint(text) }
        var rest = text.dropFirst(prefix.count)
        if rest.last == "/" { rest = rest.dropLast() }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let host = parts.first, !host.isEmpty, !rest.contains("/") else { throw .badEndpoint(text) }
        let port = parts.count == 2 ? Int(parts[1]) : 80
        guard let port, (1...65_535).contains(port) else { throw .badEndpoint(text) }
        self.host = String(host)
        self.port = port
        self.text = prefix + rest
    }
}
