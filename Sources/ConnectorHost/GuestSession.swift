import Foundation
import ProcessSpawn
import Recording
import Synchronization

/// One process with instances of the connector. A request at a time; each has a deadline and holds no thread while it waits.
///
/// A call that stalls ends the session: its stacks are in the answer, and later calls are answered with `died`.
public final class GuestSession: Sendable {
    /// Who reaps the session's process.
    enum Reaper: Sendable {
        /// The guest's process, which forked it.
        case child(of: GuestProcess)
        case own(GuestProcess)
    }

    /// The process of the session.
    public let pid: Int32
    /// The home folder and the folder for temporary files that the connector sees.
    public let homeFolder: String
    public let temporaryFolder: String

    private let channel: GuestChannel
    private let loaded: Loaded
    private let dump: String
    private let ending: Reaper
    private let over = Mutex<String?>(nil)

    init(channel: GuestChannel, pid: Int32, loaded: Loaded, parameters: SessionParameters, ending: Reaper) {
        self.channel = channel
        self.pid = pid
        self.loaded = loaded
        self.ending = ending
        homeFolder = parameters.home
        temporaryFolder = parameters.tmp
        dump = parameters.dump
    }

    /// Why the session is over, nil while it serves.
    public var endedBecause: String? { over.withLock { $0 } }

    /// Makes an instance; what the constructor raises is its outcome. On success the value tells the class alone.
    public func construct(
        _ instance: String = "main", credentials: Value, within patience: Duration
    ) async throws(ConnectorHostError) -> GuestAnswer {
        let parameters = ConstructParameters(instance: instance, credentials: WireValue(credentials))
        return try await outcome("construct", parameters, within: patience)
    }

    /// Calls a method.
    public func call(_ call: GuestCall, within patience: Duration) async throws(ConnectorHostError) -> GuestAnswer {
        try await outcome("call", CallParameters(call), within: patience)
    }

    /// Makes all calls at once, each in a thread of its own. The answers are in the order of the calls.
    public func parallel(_ calls: [GuestCall], within patience: Duration) async throws(ConnectorHostError) -> [GuestAnswer] {
        guard !calls.isEmpty else { return [] }
        let parameters = ParallelParameters(calls: calls.map(CallParameters.init))
        switch try await request("parallel", parameters, answering: WireOutcomes.self, within: patience) {
        case .success(let answer): return answer.outcomes.map { GuestAnswer(outcome: $0.outcome, changedArguments: $0.changed) }
        case .failure(let cut): return calls.map { _ in GuestAnswer(outcome: cut.outcome) }
        }
    }

    /// Reads an attribute; `repr()` is the instance's `repr`, without addresses.
    public func attribute(
        _ name: String, of instance: String = "main", within patience: Duration
    ) async throws(ConnectorHostError) -> Outcome {
        try await outcome("attribute", AttributeParameters(instance: instance, name: name), within: patience).outcome
    }

    /// An extra look inside the guest, by the name of its file under the guest's `looks`. What the connector raises is its outcome.
    public func look(
        _ name: String, _ parameters: [(String, Value)] = [], within patience: Duration
    ) async throws(ConnectorHostError) -> Outcome {
        let dict = Value.dict(parameters.map { Value.Pair(.string($0.0), $0.1) })
        return try await outcome("look", LookParameters(name: name, parameters: WireValue(dict)), within: patience).outcome
    }

    /// What the process says of itself.
    /// - Throws: of kind `sessionEnded` when the session is over.
    public func state(within patience: Duration) async throws(ConnectorHostError) -> GuestState {
        try await request("state", Nothing(), answering: GuestState.self, within: patience).get(or: \.error)
    }

    /// What can be seen of the class and of the `neural` package.
    /// - Throws: of kind `sessionEnded` when the session is over.
    public func inspect(within patience: Duration) async throws(ConnectorHostError) -> Inspection {
        try await request("inspect", Nothing(), answering: WireInspection.self, within: patience).get(or: \.error).inspection
    }

    /// Ends the process and whatever it started. Harmless when it has ended.
    public func close() async { await kill(because: "the session was closed") }

    /// Passes on a constructor that does not take the credentials as an error of the configuration.
    func check(credentials: [String: String], within patience: Duration) async throws(ConnectorHostError) {
        let pairs = credentials.sorted { $0.key < $1.key }.map { Value.Pair(.string($0.key), .string($0.value)) }
        let parameters = CheckParameters(credentials: WireValue(.dict(pairs)))
        switch try await request("check", parameters, answering: Nothing.self, within: patience) {
        case .success: return
        case .failure(.stalled(let stacks)):
            let seconds = patience.components.seconds
            let place = stacks.split(separator: "\n").last.map { ": \($0)" } ?? ""
            throw ConnectorHostError(.constructor, "the constructor did not end within \(seconds) s\(place)")
        case .failure(.died(let how)): throw ConnectorHostError(.constructor, "the constructor ended the Python process: \(how)")
        }
    }

    // Requests

    /// A request that has no answer because the session is over.
    private enum Cut: Error, Sendable {
        case stalled(stacks: String)
        case died(how: String)

        var outcome: Outcome {
            switch self {
            case .stalled(let stacks): .timedOut(stacks: stacks)
            case .died(let how): .died(how: how)
            }
        }

        var error: ConnectorHostError {
            switch self {
            case .stalled: ConnectorHostError(.sessionEnded, "the guest stalled, and was ended")
            case .died(let how): ConnectorHostError(.sessionEnded, how)
            }
        }
    }

    private func outcome<Parameters: Encodable & Sendable>(
        _ method: String, _ parameters: Parameters, within patience: Duration
    ) async throws(ConnectorHostError) -> GuestAnswer {
        switch try await request(method, parameters, answering: WireOutcome.self, within: patience) {
        case .success(let answer): GuestAnswer(outcome: answer.outcome, changedArguments: answer.changed)
        case .failure(let cut): GuestAnswer(outcome: cut.outcome)
        }
    }

    private func request<Parameters: Encodable & Sendable, Answer: Decodable & Sendable>(
        _ method: String, _ parameters: Parameters, answering: Answer.Type, within patience: Duration
    ) async throws(ConnectorHostError) -> Result<Answer, Cut> {
        if let endedBecause { return .failure(.died(how: endedBecause)) }
        switch await channel.request(method, parameters, answering: answering, within: patience) {
        case .result(let answer): return .success(answer)
        case .refused(let kind, let message): throw ConnectorHostError(.init(rawValue: kind) ?? .guest, message)
        case .failed(let text): throw ConnectorHostError(.guest, "the guest failed in \(method): \(text)")
        case .timedOut: return .failure(.stalled(stacks: await performAutopsy()))
        case .closed: return .failure(.died(how: await causeOfDeath()))
        }
    }

    // The end

    private func performAutopsy() async -> String {
        let (pid, dump, root) = (pid, dump, loaded.root)
        let text = await blocking { HangAutopsy.stacks(of: pid, dump: dump) }
        await kill(because: "the session was ended after a call that stalled")
        return HangAutopsy.summary(of: text, root: root)
    }

    private func causeOfDeath() async -> String {
        if let endedBecause { return endedBecause }
        let pid = pid
        // The connection ends a moment before the process; a connector may also have closed the descriptor and live on.
        let start = processStartTime(pid) ?? 0
        let ended = await blocking { awaitEnd(pid: pid, startTime: start, milliseconds: 1000) }
        await blocking { ProcessTree.kill(pid) }
        let how = await reap()
        return mark(ended ? how : "the connection to the harness was closed")
    }

    private func kill(because reason: String) async {
        guard endedBecause == nil else { return }
        _ = mark(reason)
        let pid = pid
        await blocking { ProcessTree.kill(pid) }
        channel.close()
        _ = await reap()
    }

    /// Keeps the first reason.
    private func mark(_ reason: String) -> String {
        over.withLock { over in
            let first = over ?? reason
            over = first
            return first
        }
    }

    private func reap() async -> String {
        switch ending {
        case .child(let parent):
            let answer = await parent.channel.request("reap", ReapParameters(pid: pid), answering: Reaped.self, within: .seconds(10))
            guard case .result(let reaped) = answer else { return "the Python process ended" }
            return Self.describe(code: reaped.code, signal: reaped.signal)
        case .own(let process):
            switch await process.end()?.ending {
            case .code(let code): return Self.describe(code: code, signal: nil)
            case .signal(let signal): return Self.describe(code: nil, signal: signal)
            case nil: return "the Python process ended"
            }
        }
    }

    private static func describe(code: Int32?, signal: Int32?) -> String {
        if let signal { return "the Python process was killed by \(signalNames[signal] ?? "signal \(signal)")" }
        return "the Python process exited with code \(code ?? 0)"
    }

    private static let signalNames: [Int32: String] = [
        SIGABRT: "SIGABRT", SIGBUS: "SIGBUS", SIGFPE: "SIGFPE", SIGILL: "SIGILL", SIGINT: "SIGINT", SIGKILL: "SIGKILL",
        SIGSEGV: "SIGSEGV", SIGTERM: "SIGTERM",
    ]
}

extension Result {
    /// The success, or the failure as another error.
    fileprivate func get<Other: Error>(or convert: (Failure) -> Other) throws(Other) -> Success {
        switch self {
        case .success(let value): return value
        case .failure(let failure): throw convert(failure)
        }
    }
}
