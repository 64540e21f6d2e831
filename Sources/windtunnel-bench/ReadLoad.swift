/// The same request again and again on every connection, one at a time on each.
struct ReadLoad: Sendable {
    var server: Server
    var path: String
    /// A line of the head in place of the token's, for a server that is not ours.
    var header: String?
    /// Makes it a POST. `{n}` in it is a number that no other request of the run has.
    var body: String?
    var requests: Int

    func run() throws(BenchError) -> Figures {
        let connections = try Connections(server)
        let begin = Clock.seconds()
        let cpuBefore = Clock.ownCPUSeconds()
        _ = try onThreads(server.connections) { [self] thread throws(BenchError) in
            let connection = connections.borrow(thread)
            let read = message(number: thread)
            for turn in 0..<share(of: requests, thread: thread, threads: server.connections) {
                let message = isNumbered ? message(number: turn * server.connections + thread) : read
                try connection.exchange(message) { status, _ throws(BenchError) in
                    guard (200...201).contains(status) else { throw .notMeasured("\(path) was answered \(status)") }
                }
            }
        }
        let seconds = Clock.seconds() - begin
        var figures = Figures()
        figures.add("requests", requests)
        figures.add("seconds", seconds)
        figures.add("requests_per_second", Double(requests) / seconds)
        figures.add("client_cpu_seconds", Clock.ownCPUSeconds() - cpuBefore)
        return figures
    }
    private var isNumbered: Bool { body?.contains("{n}") ?? false }

    private func message(number: Int) -> [UInt8] {
        let filled = body?.split(separator: "{n}", omittingEmptySubsequences: false).joined(separator: "\(number)")
        return request(body == nil ? "GET" : "POST", path, server, header: header, body: filled)
    }
}
