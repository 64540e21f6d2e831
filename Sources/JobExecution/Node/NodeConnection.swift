import Glibc

/// The node's end of the connection to the engine. Nothing blocks: what the socket does not take waits here.
final class NodeConnection {
    let descriptor: Int32
    /// Whether the engine has said hello in our version: before that nothing is told to it.
    var isGreeted = false
    private(set) var isBroken = false
    private var received = FrameBuffer()
    private var unsent: [UInt8] = []

    /// An engine that lets so much wait does not read any more. The files have it all.
    private static let unsentBytesMax = 64 * 1024 * 1024
    private static let receiveBytes = 64 * 1024

    init(descriptor: Int32) { self.descriptor = descriptor }

    deinit { close(descriptor) }

    var wantsToSend: Bool { !unsent.isEmpty }

    /// Whether the engine has closed its end. What it sent before may still be there to be read.
    var isLeft: Bool {
        var interest = pollfd(fd: descriptor, events: Int16(peerClosed), revents: 0)
        return poll(&interest, 1, 0) > 0
    }

    /// Queues a message; `flush` sends all that one round of the loop has queued in one write.
    func send(_ reply: NodeReply) {
        unsent.append(contentsOf: reply.frame())
        if unsent.count > Self.unsentBytesMax { isBroken = true }
    }

    func flush() {
        var done = 0
        while done < unsent.count, !isBroken {
            let count = unsent.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress.map { $0 + done }, $0.count - done, Int32(MSG_NOSIGNAL)) }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                isBroken = true
            }
        }
        unsent.removeFirst(done)
    }

    /// Reads what is there.
    /// - Returns: whole requests, in order.
    func receive() -> [NodeRequest] {
        var requests: [NodeRequest] = []
        withUnsafeTemporaryAllocation(byteCount: Self.receiveBytes, alignment: 1) { buffer in
            let count = recv(descriptor, buffer.baseAddress, buffer.count, 0)
            if count > 0 {
                received.append(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
            } else if count == 0 || (errno != EAGAIN && errno != EINTR) {
                isBroken = true
            }
        }
        do throws(WireError) {
            while let frame = try received.next() { requests.append(try NodeRequest(frame: frame)) }
        } catch {
            NodeLog.write("the engine's connection is closed: \(error)")
            isBroken = true
        }
        return requests
    }
}

/// Linux's POLLRDHUP, which its C headers give only with GNU extensions.
private let peerClosed: Int32 = 0x2000
