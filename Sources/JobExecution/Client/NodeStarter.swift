import Glibc
import ProcessSpawn

/// A connection that has been greeted.
struct ConnectedNode: Sendable {
    var descriptor: Int32
    var name: String
    var pid: Int32
    /// Set when this process has started the node, and so must reap it.
    var process: SpawnedProcess?
    var reconciliation: Reconciliation?
}

/// A node that listens and does not answer.
private struct NodeSilent: Error {}

/// Finds or starts the node of a folder. It blocks: for a thread of its own.
struct NodeStarter: Sendable {
    var name: String
    var executable: String
    var idleSeconds: Double
    var accounting: Accounting

    /// How long a node may take to listen, or a dying one to let go of its folder.
    private static let patienceMilliseconds: Int32 = 10_000
    private static let retryMillisecondsMax: Int32 = 50
    /// What a node may see of its engine's environment. Jobs see none of it.
    private static let passedOn = ["PATH", "LANG", "TZ", "TMPDIR", "LD_LIBRARY_PATH"]

    func connectOrStart(_ folder: NodeFolder) throws -> ConnectedNode {
        let deadline = Clock.monotonicSeconds() + Double(Self.patienceMilliseconds) / 1000
        var pause: Int32 = 1
        while true {
            if let connected = try connect(folder) { return connected }
            if let lock = try folder.takeLock() {
                NodeFolder.release(lock)
                return try start(folder)
            }
            // A node has the folder but does not listen: it is about to, or about to end.
            guard Clock.monotonicSeconds() < deadline else {
                throw NodeError("the node of \(folder.path) is alive but does not answer; see \(folder.log)")
            }
            poll(nil, 0, pause)
            pause = min(pause * 2, Self.retryMillisecondsMax)
        }
    }

    /// - Returns: nil when nobody listens.
    private func connect(_ folder: NodeFolder) throws -> ConnectedNode? {
        guard let note = Files.read(folder.socketNote) else { return nil }
        guard let descriptor = SocketAddress.connect(to: String(decoding: note, as: UTF8.self)) else { return nil }
        let listener = SocketAddress.listener(behind: descriptor)
        // One that was stopped accepts and says nothing. A pause does not outlive the engine that ordered it.
        if let listener, processEntry(listener.pid)?.isStopped == true { continueTree(of: listener) }
        do {
            guard let (name, pid) = try greet(descriptor) else {
                close(descriptor)
                return nil
            }
            return ConnectedNode(descriptor: descriptor, name: name, pid: pid)
        } catch is NodeSilent {
            close(descriptor)
            // It is there and hangs: another one takes its place.
            if let listener { endNode(listener) }
            return nil
        } catch {
            close(descriptor)
            throw error
        }
    }

    private func start(_ folder: NodeFolder) throws -> ConnectedNode {
        let reconciliation = try folder.reconcile()
        let process = try launchNode(folder)
        guard var connected = try connect(folder) else { throw NodeError("the node of \(folder.path) ended at once; see \(folder.log)") }
        connected.process = process
        connected.reconciliation = reconciliation
        return connected
    }

    /// Starts the process and waits until it listens.
    private func launchNode(_ folder: NodeFolder) throws -> SpawnedProcess {
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw NodeError("cannot start a node: \(systemMessage(errno))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        defer { close(ends[0]) }
        let socket = SocketAddress.path(forFolder: folder.path, runtimeFolder: environmentValue("XDG_RUNTIME_DIR"))
        let request = SpawnRequest(
            executable: executable,
            arguments: [
                "node", "--folder", folder.path, "--jobs", folder.jobs, "--name", name, "--socket", socket, "--ready-fd", "\(Self.readyDescriptor)",
                "--idle-seconds", "\(idleSeconds)", "--accounting", accounting.rawValue,
            ],
            environment: Self.passedOn.compactMap { name in environmentValue(name).map { (name, $0) } }, workingDirectory: folder.path,
            standardOutput: .file(path: folder.log, append: true), standardError: .file(path: folder.log, append: true),
            inherited: [(from: ends[1], to: Self.readyDescriptor)], newSession: true)
        let spawned = Result { try spawn(request) }
        close(ends[1])
        let process = try spawned.get()
        var interest = pollfd(fd: ends[0], events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        if poll(&interest, 1, Self.patienceMilliseconds) > 0, read(ends[0], &byte, 1) == 1 { return process }
        process.send(signal: SIGKILL)
        _ = reap(pid: process.pid, blocking: true)
        throw NodeError("the node of \(folder.path) did not start: \(lastLogLine(folder))")
    }

    /// Reads the node's hello and says ours.
    /// - Returns: nil when it closed the connection without a word: it was about to end.
    private func greet(_ descriptor: Int32) throws -> (name: String, pid: Int32)? {
        var frames = FrameBuffer()
        while true {
            guard let frame = try frames.next() else {
                guard try receive(descriptor, into: &frames) else { return nil }
                continue
            }
            switch try NodeReply(frame: frame) {
            case .hello(NodeRequest.protocolVersion, let name, let pid):
                let hello = NodeRequest.hello(version: NodeRequest.protocolVersion).frame()
                _ = hello.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
                return (name, pid)
            case .hello(let version, let name, let pid):
                throw NodeError("node \(name) (pid \(pid)) speaks version \(version) of the protocol, not \(NodeRequest.protocolVersion): stop it first")
            case .refused(let message): throw NodeError(message)
            default: throw NodeError("the node did not begin with a greeting")
            }
        }
    }

    /// A node says nothing more than its hello before it has ours, so nothing is read too far.
    private func receive(_ descriptor: Int32, into frames: inout FrameBuffer) throws -> Bool {
        var interest = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        guard poll(&interest, 1, Self.patienceMilliseconds) > 0 else { throw NodeSilent() }
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        buffer.withUnsafeBytes { frames.append(UnsafeRawBufferPointer(rebasing: $0[..<max(0, count)])) }
        return count > 0
    }

    private func lastLogLine(_ folder: NodeFolder) -> String {
        let text = String(decoding: Files.read(folder.log) ?? [], as: UTF8.self)
        return text.split(separator: "\n").last.map { String($0) } ?? "it left no message in \(folder.log)"
    }

    private func environmentValue(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    private static let readyDescriptor: Int32 = 3
}
