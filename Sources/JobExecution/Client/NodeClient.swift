import ProcessSpawn

/// The engine's hold on one node.
///
/// Requests never block and never wait: they are queued and sent in order, and what comes of them arrives as events. Letting go of the client, or
/// `disconnect()`, leaves the node and its jobs running, to be taken over by the next client.
public final class NodeClient: Sendable {
    public let folder: NodeFolder
    public let name: String
    /// The node's own process.
    public var pid: Int32 { process.pid }
    /// What an earlier node of the folder had left behind, if this one had to be started; nil when it was running already (then ask `report()`).
    public let reconciliation: Reconciliation?
    /// In the order in which they happened; ends after `connectionLost`. For one consumer.
    public let events: AsyncStream<NodeEvent>

    let process: ProcessIdentity
    private let channel: NodeChannel

    init(folder: NodeFolder, connected: ConnectedNode, channel: NodeChannel, events: AsyncStream<NodeEvent>) {
        self.folder = folder
        name = connected.name
        // Without a start time, as it has ended already, no signal reaches anybody.
        process = ProcessIdentity(pid: connected.pid, startTime: processStartTime(connected.pid) ?? 0)
        reconciliation = connected.reconciliation
        self.channel = channel
        self.events = events
    }

    deinit { channel.disconnect() }

    /// Connects to the living node of the folder, or, if there is none, ends what a dead one left, starts one and waits until it listens.
    /// - Parameters:
    ///   - folder: the node's folder; created if it is not there.
    ///   - jobs: where the jobs' folders are, as of `NodeFolder`.
    ///   - name: the node's name, for a node that must be started.
    ///   - executable: absolute path of the program whose verb `node` is `NodeMain.run`.
    ///   - idleSeconds: how long a new node without engine and jobs waits before it ends by itself.
    ///   - accounting: how a new node measures and bounds its jobs.
    /// - Throws: `NodeError` or `FileError`.
    public static func connectOrStart(
        folder: String, jobs: String? = nil, name: String, executable: String, idleSeconds: Double = nodeIdleSecondsStandard,
        accounting: Accounting = .auto
    ) async throws -> NodeClient {
        let starter = NodeStarter(name: name, executable: executable, idleSeconds: idleSeconds, accounting: accounting)
        return try await withCheckedThrowingContinuation { continuation in
            let hasStarted = startThread {
                do {
                    let folder = try NodeFolder(path: folder, jobs: jobs)
                    let connected = try starter.connectOrStart(folder)
                    let (events, sink) = AsyncStream.makeStream(of: NodeEvent.self, bufferingPolicy: .unbounded)
                    let channel = try NodeChannel(connected, events: sink)
                    continuation.resume(returning: NodeClient(folder: folder, connected: connected, channel: channel, events: events))
                    channel.serve()
                } catch {
                    continuation.resume(throwing: error)
                }
            }
            if !hasStarted { continuation.resume(throwing: NodeError("the system has no thread for node \(name)")) }
        }
    }

    /// Runs a job. Launching an id again never runs it twice: the node tells again what became of it.
    public func launch(_ launch: JobLaunch) { channel.send(.launch(launch)) }

    /// How many jobs may run at once from now on, 1 or more; without it, any number. What is launched beyond that waits at the node, which
    /// starts the next one as soon as one has ended.
    public func limit(slots: Int) { channel.send(.slots(UInt32(clamping: slots))) }

    /// Sends all that `body` asks for at once: one message wakes the node once.
    public func together<Answer>(_ body: () -> Answer) -> Answer { channel.together(body) }

    /// Signals the job's whole tree. One that still waits at the node is dropped, and told as a launch that failed. Without effect when
    /// it is neither there.
    public func signal(job: String, _ signal: JobSignal) { channel.send(.signal(job: job, signal)) }

    /// Lets a gated job go on, whether it waits at the gate already or comes to it later.
    public func openGate(job: String) { channel.send(.openGate(job: job)) }

    /// Drops the node's notes of a job that has ended, once the history has them. Output and working folder stay.
    public func forget(job: String) { channel.send(.forget(job: job)) }

    /// Every job that the node knows, by id.
    /// - Throws: `NodeError` when the node is lost before it has answered.
    public func report() async throws -> [NodeReportEntry] { try await channel.report() }

    /// Ends all jobs (TERM, then KILL after the grace period) and the node. Returns when the node is gone. Their exits still come as events.
    public func stop(graceSeconds: Double) async {
        await channel.stop(graceMilliseconds: UInt32(max(0, min(graceSeconds * 1000, Double(UInt32.max / 2)))))
    }

    /// Lets go of the node, which runs on.
    public func disconnect() { channel.disconnect() }
}
