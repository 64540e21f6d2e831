/// The same GET again and again on every connection, one request at a time on each.
struct ReadLoad: Sendable {
    var server: Server
    var path: String
    var requests: Int

    func run() throws(BenchError) -> Figures {
        let connections = try Connections(server)
        let begin = Clock.seconds()
        let cpuBefore = Clock.ownCPUSeconds()
        _ = try onThreads(server.connections) { [self] thread throws(BenchError) in
            let connection = connections.borrow(thread)
            let read = request("GET", path, server)
            for _ in 0..<share(of: requests, thread: thread, threads: server.connections) {
                try connection.exchange(read) { status, _ throws(BenchError) in
                    guard status == 200 else { throw .notMeasured("GET \(path) was answered \(status)") }
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
}
