import Glibc
import ProcessSpawn

/// The node's one loop: waits for the engine, for ends of processes and for its few timers, and hands each to whoever it concerns.
final class NodeLoop {
    private let options: NodeOptions
    private let signals: Int32
    private let listener: Int32
    private let supervisor: JobSupervisor
    private var connection: NodeConnection?
    private var idleSince: Double
    private var hasServed = false
    /// Whether more children may have ended than were collected.
    private var hasEndsLeft = false
    private var stop: Stop?
    /// What is to be told, and since when it waits.
    private var untold: [NodeReply] = []
    private var untoldSince = 0.0

    /// A stop under way: TERM is sent, KILL follows at the deadline.
    private struct Stop {
        var killAt: Double
        var hasKilled = false
    }

    private static let signalGraceSeconds = 5.0
    /// The engine that started the node gets at least so long to connect for the first time.
    private static let firstEngineSeconds = 10.0
    /// Word of a start waits so long for company: many a job ends within it, and both are then one message and one commit. So does word of
    /// an end, where the node has enough to go on with.
    private static let tellPatienceSeconds = 0.002
    /// After a KILL the tree is looked over again this often, until it is gone.
    private static let killAgainSeconds = 0.1

    init(options: NodeOptions, folder: NodeFolder, signals: Int32, listener: Int32) throws(FileError) {
        self.options = options
        self.signals = signals
        self.listener = listener
        supervisor = try JobSupervisor(folder: folder, accounting: options.accounting)
        idleSince = Clock.monotonicSeconds()
    }

    func run() {
        while !isDone() {
            wait()
            hasEndsLeft = supervisor.reapEnded()
            supervisor.pokeOpenedGates()
            supervisor.lookAfterJobs()
            advanceStop()
            tellEngine()
        }
        supervisor.close()
        if stop != nil { connection?.send(.stopped) }
        connection?.flush()
    }

    private func isDone() -> Bool {
        guard !supervisor.hasRunningJobs else {
            idleSince = Clock.monotonicSeconds()
            return false
        }
        if stop != nil { return true }
        if connection != nil { idleSince = Clock.monotonicSeconds() }
        return Clock.monotonicSeconds() - idleSince >= idleSeconds
    }

    private var idleSeconds: Double { hasServed ? options.idleSeconds : max(options.idleSeconds, Self.firstEngineSeconds) }

    private func wait() {
        let toEngine = Int16(POLLIN) | (connection?.wantsToSend == true ? Int16(POLLOUT) : 0)
        var interests = [
            pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
            pollfd(fd: listener, events: Int16(POLLIN), revents: 0),
            pollfd(fd: connection?.descriptor ?? -1, events: toEngine, revents: 0),
        ]
        guard poll(&interests, nfds_t(interests.count), timeoutMilliseconds()) > 0 else { return }
        if interests[0].revents != 0 { takeSignals() }
        if interests[2].revents & ~Int16(POLLOUT) != 0 { serveEngine() }
        if interests[1].revents != 0 { acceptEngine() }
    }

    /// Until the next timer.
    private func timeoutMilliseconds() -> Int32 {
        if hasEndsLeft { return 0 }
        let now = Clock.monotonicSeconds()
        var next: [Double] = []
        if let stop { next.append(stop.hasKilled ? now + Self.killAgainSeconds : stop.killAt) }
        if connection == nil, !supervisor.hasRunningJobs { next.append(idleSince + idleSeconds) }
        if let poke = supervisor.nextPoke { next.append(poke) }
        if let look = supervisor.nextLook { next.append(look) }
        if let start = supervisor.nextStart { next.append(start) }
        if !untold.isEmpty { next.append(untoldSince + Self.tellPatienceSeconds) }
        guard let first = next.min() else { return -1 }
        return Int32(max(0, min((first - now) * 1000 + 1, 1_000_000)))
    }

    private func takeSignals() {
        while let signal = nextSignal(signals) {
            if signal != SIGCHLD { stopBySignal() }
        }
    }

    /// The engine did not order it, and will have another node go on with what this one leaves.
    private func stopBySignal() {
        if stop == nil {
            supervisor.dropWaiting()
            // What has ended by now did so by itself.
            while supervisor.reapEnded() {}
            supervisor.losesJobs = true
        }
        beginStop(graceSeconds: Self.signalGraceSeconds)
    }

    // MARK: the engine

    private func acceptEngine() {
        finishLeftEngine()
        while let descriptor = acceptConnection(listener) {
            let newcomer = NodeConnection(descriptor: descriptor)
            if connection == nil {
                newcomer.send(.hello(version: NodeRequest.protocolVersion, name: options.name, pid: getpid()))
                newcomer.flush()
                connection = newcomer
                hasServed = true
            } else {
                newcomer.send(.refused(message: "node \(options.name) already serves an engine"))
                newcomer.flush()
            }
        }
    }

    /// What an engine has asked for before it went is done before its successor is heard, which may come at once.
    private func finishLeftEngine() {
        guard let left = connection, left.isLeft else { return }
        while connection === left, !left.isBroken { serveEngine() }
        connection = nil
    }

    private func serveEngine() {
        guard let connection else { return }
        for request in connection.receive() {
            answer(request, connection)
            // A launch takes its time, and many can come at once: what ends meanwhile is not kept waiting.
            guard case .launch = request else { continue }
            hasEndsLeft = supervisor.reapEnded()
            tellEngine()
        }
    }

    private func answer(_ request: NodeRequest, _ connection: NodeConnection) {
        switch request {
        case .hello(let version):
            connection.isGreeted = version == NodeRequest.protocolVersion
            if !connection.isGreeted {
                connection.send(.refused(message: "node \(options.name) speaks version \(NodeRequest.protocolVersion), not \(version)"))
            }

        case .launch(let launch):
            // In a stop it is left to the next node: nobody here has heard of it.
            if stop == nil { supervisor.launch(launch) }

        case .unreadableLaunch(let job, let reason):
            connection.send(.launchFailed(job: job, message: "node \(options.name) cannot read its launch: \(reason)"))

        case .signal(let job, let signal): supervisor.signal(job: job, signal)

        case .openGate(let job): supervisor.openGate(job: job)

        case .report:
            for entry in supervisor.report() { connection.send(.reportEntry(entry)) }
            connection.send(.reportEnd)

        case .forget(let job): supervisor.forget(job: job)

        case .slots(let count): supervisor.limit(slots: Int(count))

        case .stop(let grace):
            beginStop(graceSeconds: Double(grace) / 1000)
            // The engine knows why they end.
            supervisor.losesJobs = false
        }
    }

    /// Sends what this round has brought, and lets a broken connection go; the jobs run on.
    private func tellEngine() {
        if untold.isEmpty { untoldSince = Clock.monotonicSeconds() }
        untold += supervisor.takeReplies()
        guard let connection else { return untold.removeAll() }
        guard untold.isEmpty || !mayWait() else { return }
        if connection.isGreeted { for reply in untold { connection.send(reply) } }
        untold.removeAll(keepingCapacity: true)
        connection.flush()
        if connection.isBroken { self.connection = nil }
    }

    private func mayWait() -> Bool {
        guard stop == nil, Clock.monotonicSeconds() < untoldSince + Self.tellPatienceSeconds else { return false }
        return supervisor.canGoOn || untold.allSatisfy { if case .started = $0 { true } else { false } }
    }

    // MARK: the end

    private func beginStop(graceSeconds: Double) {
        let killAt = Clock.monotonicSeconds() + graceSeconds
        if let stop { return self.stop = Stop(killAt: min(stop.killAt, killAt), hasKilled: stop.hasKilled) }
        stop = Stop(killAt: killAt)
        supervisor.dropWaiting()
        supervisor.signalAll(.terminate)
    }

    private func advanceStop() {
        guard let stop, stop.hasKilled || Clock.monotonicSeconds() >= stop.killAt else { return }
        self.stop?.hasKilled = true
        supervisor.signalAll(.kill)
    }
}

/// The system's clocks.
enum Clock {
    static func monotonicSeconds() -> Double { seconds(CLOCK_MONOTONIC) }
    static func millisecondsSince1970() -> Int64 { Int64(seconds(CLOCK_REALTIME) * 1000) }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1_000_000_000
    }
}
