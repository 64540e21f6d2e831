import Recording

/// Where a probe plays: one tenant of its own, one session of its own, and the powers over the platform.
///
/// Everything that a probe does through the stage is recorded under the label that it gives.
public struct Stage: Sendable {
    public let tenant: Tenant
    public let terms: Terms
    /// The longest that one call may take.
    public let deadline: Duration
    /// False where submit_job blocks until the job's end: nothing can then be held.
    public let canHold: Bool
    /// How long a job may take to appear on the platform after submit_job has returned.
    let appearance: Duration
    let probe: String
    let subject: any Subject
    let session: any Session
    let oracle: any Oracle
    let recorder: Recorder

    // MARK: - Words

    /// A word of this probe, the same for the same seed, that occurs nowhere else.
    public func nonce(_ name: String) -> String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325  // FNV-1a
        for byte in "\(terms.seed)/\(probe)/\(name)".utf8 {
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
        }
        let digits = String(hash, radix: 16)
        return "wt" + String(repeating: "0", count: 16 - digits.count) + digits
    }

    // MARK: - The connector

    public enum Credentials: Sendable {
        case valid
        /// The same keys, with what came from the token spoiled.
        case invalid
        case empty
        case none
        case other(Value)
    }

    /// Constructs an instance. The constructor must not raise, except where `mustReturn` is false; then nil is returned when it did.
    @discardableResult
    public func construct(
        _ label: String = "construct", as instance: String = "main", credentials: Credentials = .valid, mustReturn: Bool = true
    ) async throws -> Outcome {
        let value: Value =
            switch credentials {
            case .valid: tenant.validCredentials
            case .invalid: tenant.invalidCredentials
            case .empty: .dict([])
            case .none: .none
            case .other(let value): value
            }
        let reply = await session.construct(instance: instance, credentials: value, deadline: deadline)
        return try await record(
            PlannedCall(label, .construct, [Call.Argument("credentials", value)], on: instance, mustReturn: mustReturn), reply)
    }

    /// The usual beginning: constructs an instance with valid credentials and authenticates it.
    public func begin(as instance: String = "main") async throws {
        let suffix = instance == "main" ? "" : " \(instance)"
        try await construct("construct\(suffix)", as: instance)
        try await call("authenticate\(suffix)", .authenticate, on: instance)
    }

    /// Calls a method and records what came of it.
    ///
    /// - Parameter mustReturn: whether the contract obliges this call to return; where it raises all the same, the probe stops.
    /// - Throws: ``ProbeStop`` where the call stalled or the guest died, or where it raised and had to return.
    @discardableResult
    public func call(
        _ label: String, _ method: Method, _ arguments: Call.Argument..., on instance: String = "main", mustReturn: Bool = true
    ) async throws -> Outcome {
        try await perform(PlannedCall(label, method, arguments, on: instance, mustReturn: mustReturn))
    }

    @discardableResult
    public func perform(_ planned: PlannedCall) async throws -> Outcome {
        let reply = await session.call(
            instance: planned.instance, method: planned.method.rawValue, arguments: planned.arguments, deadline: deadline)
        return try await record(planned, reply)
    }

    /// Calls all at once, each on a thread of its own.
    public func parallel(_ calls: [PlannedCall]) async throws -> [Outcome] {
        let replies = await session.parallel(calls, deadline: deadline)
        var outcomes: [Outcome] = []
        var stop: ProbeStop?
        for (planned, reply) in zip(calls, replies) {
            do { outcomes.append(try await record(planned, reply)) } catch let error as ProbeStop { stop = stop ?? error }
        }
        if let stop { throw stop }
        return outcomes
    }

    /// Begins a call and goes on; ``finish(_:)`` records it.
    public func start(
        _ label: String, _ method: Method, _ arguments: Call.Argument..., on instance: String = "main", mustReturn: Bool = true
    ) -> PendingCall {
        start(PlannedCall(label, method, arguments, on: instance, mustReturn: mustReturn))
    }

    /// - Parameter patience: how long it may take, where that is not the deadline of every call.
    public func start(_ planned: PlannedCall, patience: Duration? = nil) -> PendingCall {
        PendingCall(planned: planned) { [session, deadline] in
            await session.call(
                instance: planned.instance, method: planned.method.rawValue, arguments: planned.arguments, deadline: patience ?? deadline)
        }
    }

    /// Waits until the pending call has returned, or until it plainly waits for something else, which only `patience` tells: how often it
    /// asks meanwhile depends on its style, and it may ask in the background as well. True when it has returned.
    public func hasReturned(_ pending: PendingCall, patience: Duration = .seconds(3)) async throws -> Bool {
        await pending.settled(patience: min(patience, deadline / 2))
    }

    @discardableResult
    public func finish(_ pending: PendingCall) async throws -> Outcome {
        try await record(pending.planned, await pending.reply())
    }

    /// Waits for both and records them in this order. One that stalls takes the other with it: then it is the one that stops the probe.
    func finish(_ first: PendingCall, _ second: PendingCall) async throws -> (Outcome, Outcome) {
        let one: Outcome
        do { one = try await finish(first) } catch let stop as ProbeStop {
            let reply = await second.reply()
            if case .timedOut = reply.outcome { _ = try await record(second.planned, reply) }
            throw stop
        }
        return (one, try await finish(second))
    }

    @discardableResult
    public func attribute(_ label: String, _ name: String, of instance: String = "main") async throws -> Outcome {
        let outcome = await session.attribute(instance: instance, name: name)
        await recorder.add(label, .attribute(instance: instance, name: name, outcome))
        return outcome
    }

    @discardableResult
    public func guestState(_ label: String) async throws -> GuestState {
        let state = try await session.state()
        await recorder.add(label, .guest(state))
        return state
    }

    @discardableResult
    public func inspect(_ label: String = "inspection") async throws -> Inspection {
        let inspection = try await session.inspect()
        await recorder.add(label, .inspection(inspection))
        return inspection
    }

    /// A look that the connector's own code, which it runs, keeps from its end stops the probe.
    @discardableResult
    public func look(_ label: String, _ name: String, _ arguments: Value.Field...) async throws -> Value {
        do {
            let value = try await session.look(name, arguments)
            await recorder.add(label, .look(name, value))
            return value
        } catch let stop as ProbeStop {
            let fact = await recorder.add("\(label) (cut short)", .look(name, .none))
            throw ProbeStop(stop.reason, by: fact.label)
        }
    }

    func record(_ planned: PlannedCall, _ reply: Reply) async throws -> Outcome {
        let fact = await recorder.add(
            planned.label,
            .call(
                Call(
                    instance: planned.instance, method: planned.method.rawValue, arguments: planned.arguments, outcome: reply.outcome,
                    mustReturn: planned.mustReturn, changedArguments: reply.changedArguments, endedAt: recorder.now())))
        switch reply.outcome {
        case .returned: break
        case .raised(let raised):
            guard planned.mustReturn else { break }
            throw ProbeStop("\(planned.method.rawValue) raised \(raised.type)", by: fact.label)
        case .timedOut: throw ProbeStop("\(planned.method.rawValue) did not answer", by: fact.label)
        case .died: throw ProbeStop("the connector's process ended during \(planned.method.rawValue)", by: fact.label)
        }
        return reply.outcome
    }
}
