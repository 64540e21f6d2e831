/// The open connections of a load, one a thread.
///
/// Unchecked: a connection is used by the thread of its number alone, and by the main thread only when no other runs.
final class Connections: @unchecked Sendable {
    private let all: [Connection]

    init(_ server: Server) throws(BenchError) {
        var opened: [Connection] = []
        for _ in 0..<server.connections { opened.append(try Connection(port: server.port)) }
        all = opened
    }

    func borrow(_ thread: Int) -> Connection { all[thread] }
}
