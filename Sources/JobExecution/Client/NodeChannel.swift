import Glibc
import ProcessSpawn
import Synchronization

/// The engine's end of the connection. Any thread sends; one thread of its own receives.
final class NodeChannel: Sendable {
    private struct State {
        var unsent: [UInt8] = []
        /// Those who wait for a report; answered in order.
        var reporting: [CheckedContinuation<[NodeReportEntry], any Error>] = []
        var stopping: [CheckedContinuation<Void, Never>] = []
        var isClosed = false
        /// Messages are kept, to be sent together.
        var isCorked = false
    }

    private let socket: Int32
    /// A pipe that wakes the receiving thread when it must also send.
    private let wakeReader: Int32
    private let wakeWriter: Int32
    private let node: ConnectedNode
    private let events: AsyncStream<NodeEvent>.Continuation
    private let state = Mutex(State())

    private static let receiveBytes = 64 * 1024
    /// How long a node may take from closing its socket to its end.
    private static let endMilliseconds: Int32 = 5000

    /// Owns the node's descriptor from now on, also where it fails: a connection left open would keep the node from every other one.
    init(
        _ node: ConnectedNode, events: AsyncStream<NodeEvent>.Continuation, makePipe: (inout [Int32]) -> Int32 = { pipe(&$0) }
    ) throws(NodeError) {
        var ends: [Int32] = [-1, -1]
        guard makePipe(&ends) == 0 else {
            let reason = errno
            close(node.descriptor)
            // As the next connection takes it for one that was there, it has no other to reap it.
            node.process?.onExit { _ in }
            throw NodeError("cannot watch a node: \(systemMessage(reason))")
        }
        for descriptor in ends + [node.descriptor] {
            _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
            _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
        }
        _ = fcntl(node.descriptor, F_SETFL, O_RDWR | O_NONBLOCK)
        self.node = node
        self.events = events
        socket = node.descriptor
        (wakeReader, wakeWriter) = (ends[0], ends[1])
    }

    deinit { for descriptor in [socket, wakeReader, wakeWriter] { close(descriptor) } }

    // MARK: any thread

    func send(_ request: NodeRequest) {
        let frame = request.frame()
        if case .launch(let launch) = request, let flaw = launch.flaw(bytes: frame.count - Wire.lengthBytes) {
            events.yield(.launchFailed(job: launch.job, message: flaw))
            return
        }
        state.withLock { state in
            guard !state.isClosed else { return }
            let wasIdle = state.unsent.isEmpty
            state.unsent.append(contentsOf: frame)
            guard wasIdle, !state.isCorked else { return }  // the thread is at it, or somebody will be
            flush(&state)
            if !state.unsent.isEmpty { wake() }
        }
    }

    /// Sends what `body` asks for as one message.
    func together<Answer>(_ body: () -> Answer) -> Answer {
        state.withLock { $0.isCorked = true }
        let answer = body()
        state.withLock { state in
            state.isCorked = false
            guard !state.isClosed else { return }
            flush(&state)
            if !state.unsent.isEmpty { wake() }
        }
        return answer
    }

    func report() async throws -> [NodeReportEntry] {
        try await withCheckedThrowingContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.reporting.append(continuation) }
                return state.isClosed
            }
            if isClosed { return continuation.resume(throwing: NodeError("the node is lost")) }
            send(.report)
        }
    }

    func stop(graceMilliseconds: UInt32) async {
        await withCheckedContinuation { continuation in
            let isClosed = state.withLock { state in
                if !state.isClosed { state.stopping.append(continuation) }
                return state.isClosed
            }
            if isClosed { return continuation.resume() }
            send(.stop(graceMilliseconds: graceMilliseconds))
        }
    }

    func disconnect() { shutdown(socket, Int32(SHUT_RDWR)) }

    /// Under the lock, so that messages keep their order.
    private func flush(_ state: inout State) {
        var done = 0
        while done < state.unsent.count {
            let count = state.unsent.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress.map { $0 + done }, $0.count - done, Int32(MSG_NOSIGNAL))
            }
            if count > 0 {
                done += count
            } else if errno == EAGAIN {
                break
            } else if errno != EINTR {
                done = state.unsent.count  // broken: the thread will see the end of it
            }
        }
        state.unsent.removeFirst(done)
    }

    private func wake() { _ = [UInt8(0)].withUnsafeBytes { write(wakeWriter, $0.baseAddress, 1) } }

    // MARK: its own thread

    /// Receives until the connection ends.
    func serve() {
        var frames = FrameBuffer()
        var entries: [NodeReportEntry] = []
        var reason: String?
        while reason == nil {
            let readable = wait()
            state.withLock { flush(&$0) }
            guard readable else { continue }
            do throws(WireError) {
                let isOpen = receive(into: &frames)
                while let frame = try frames.next() { take(try NodeReply(frame: frame), &entries) }
                if !isOpen { reason = "the node closed the connection" }
            } catch {
                reason = error.description
            }
        }
        end(reason ?? "")
    }

    private func wait() -> Bool {
        let wantsToSend = state.withLock { !$0.unsent.isEmpty }
        var interests = [
            pollfd(fd: socket, events: Int16(POLLIN) | (wantsToSend ? Int16(POLLOUT) : 0), revents: 0),
            pollfd(fd: wakeReader, events: Int16(POLLIN), revents: 0),
        ]
        guard poll(&interests, nfds_t(interests.count), -1) > 0 else { return false }
        if interests[1].revents != 0 {
            var drained = [UInt8](repeating: 0, count: 64)
            _ = read(wakeReader, &drained, drained.count)
        }
        return interests[0].revents & ~Int16(POLLOUT) != 0
    }

    private func receive(into frames: inout FrameBuffer) -> Bool {
        withUnsafeTemporaryAllocation(byteCount: Self.receiveBytes, alignment: 1) { buffer in
            let count = recv(socket, buffer.baseAddress, buffer.count, 0)
            if count > 0 { frames.append(UnsafeRawBufferPointer(rebasing: buffer[..<count])) }
            return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR))
        }
    }

    private func take(_ reply: NodeReply, _ entries: inout [NodeReportEntry]) {
        switch reply {
        case .started(let job, let pid, let startTime): events.yield(.started(job: job, pid: pid, startTime: startTime))
        case .launchFailed(let job, let message): events.yield(.launchFailed(job: job, message: message))
        case .exited(let job, let exit): events.yield(.exited(job: job, exit))
        case .reportEntry(let entry): entries.append(entry)
        case .reportEnd:
            let waiting = state.withLock { $0.reporting.isEmpty ? nil : $0.reporting.removeFirst() }
            waiting?.resume(returning: entries)
            entries = []
        case .stopped, .hello, .refused: break  // the end of the connection says the rest
        }
    }

    private func end(_ reason: String) {
        let (reporting, stopping) = state.withLock { state in
            state.isClosed = true
            defer { (state.reporting, state.stopping) = ([], []) }
            return (state.reporting, state.stopping)
        }
        shutdown(socket, Int32(SHUT_RDWR))
        awaitNode(isStopping: !stopping.isEmpty)
        for waiting in reporting { waiting.resume(throwing: NodeError("the node is lost")) }
        events.yield(.connectionLost(reason: reason))
        events.finish()
        for waiting in stopping { waiting.resume() }
    }

    /// Waits, after a stop, until the node is gone. A node that this process started is its child and is reaped: at once if it ends now,
    /// and whenever it does if it was only let go.
    private func awaitNode(isStopping: Bool) {
        if isStopping, let start = processStartTime(node.pid) {
            _ = awaitEnd(pid: node.pid, startTime: start, milliseconds: Self.endMilliseconds)
        }
        guard let process = node.process, reap(pid: process.pid, blocking: false) == nil else { return }
        process.onExit { _ in }
    }
}
