import Foundation
import Glibc
import Testing

@testable import JobExecution

@Suite("The engine's end of a connection")
struct NodeChannelTests {
    @Test("it lets go of the node where it cannot be made: the node would serve nobody else")
    func letsGo() throws {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0, &ends) == 0)
        defer { close(ends[0]) }
        let (_, sink) = AsyncStream.makeStream(of: NodeEvent.self)
        #expect(throws: NodeError("cannot watch a node: Too many open files")) {
            _ = try NodeChannel(ConnectedNode(descriptor: ends[1], name: "node-1", pid: getpid()), events: sink) { _ in
                errno = EMFILE
                return -1
            }
        }
        var byte: UInt8 = 0
        #expect(recv(ends[0], &byte, 1, Int32(MSG_DONTWAIT)) == 0)
    }
}
