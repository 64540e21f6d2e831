import Foundation
import ProcessSpawn

/// The processes of one endpoint: its server, what that started, whatever is in its session or carries its mark.
struct EndpointTree: Sendable {
    /// The variable in the environment of every process of an endpoint; its value is the endpoint's folder.
    static let variable = "WINDTUNNEL_SERVED_ENDPOINT"
    private static let waitMilliseconds: Int32 = 20
    private static let killSecondsMax = 10.0

    /// The endpoint's folder.
    let mark: String
    /// The server; nil when it is of an earlier life of the platform.
    var leader: ProcessIdentity?

    /// Those that live.
    func living() -> [ProcessEntry] {
        let processes = allProcesses()
        var found: Set<Int32> = []
        let isLeaderThere = leader.map { leader in processes.contains { $0.identity == leader } } ?? false
        for process in processes {
            let isLed = isLeaderThere && (process.pid == leader?.pid || process.session == leader?.pid)
            if isLed || (!process.hasEnded && value(of: Self.variable, inEnvironment: processEnvironment(process.pid)) == mark) {
                found.insert(process.pid)
            }
        }
        var grew = true
        while grew {
            grew = false
            for process in processes where found.contains(process.parent) && found.insert(process.pid).inserted { grew = true }
        }
        return processes.filter { found.contains($0.pid) && !$0.hasEnded }
    }

    /// Asks all to end, and kills what is left after a while. It blocks until none lives.
    ///
    /// - Parameter graceSeconds: 0 kills at once.
    func end(graceSeconds: Double) {
        if graceSeconds > 0 {
            for process in living() { signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGTERM) }
            let deadline = ContinuousClock.now + .seconds(graceSeconds)
            while ContinuousClock.now < deadline, let process = living().first {
                _ = awaitEnd(pid: process.pid, startTime: process.startTime, milliseconds: Self.waitMilliseconds)
            }
        }
        let deadline = ContinuousClock.now + .seconds(Self.killSecondsMax)
        // A process that is being killed may have started another just before: look again until there is none.
        while ContinuousClock.now < deadline {
            let processes = living()
            guard let first = processes.first else { return }
            for process in processes { signalProcess(pid: process.pid, startTime: process.startTime, signal: SIGKILL) }
            _ = awaitEnd(pid: first.pid, startTime: first.startTime, milliseconds: Self.waitMilliseconds)
        }
    }
}

/// Runs what blocks on a thread of its own.
func onOwnThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        if !startThread({ continuation.resume(returning: body()) }) { continuation.resume(returning: body()) }
    }
}
