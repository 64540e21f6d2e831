import Conformance
import ConnectorHost
import Recording

/// A Python connector as the judge's subject: every session is a program of its own.
struct GuestSubject: Subject {
    let host: ConnectorHost

    func open() async throws -> any Session { try await open(beside: nil) }

    func open(beside first: any Session) async throws -> any Session {
        guard let first = first as? GuestSubjectSession else { throw HarnessFault("the first session is not of this subject") }
        return try await open(beside: first.session)
    }

    private func open(beside first: GuestSession?) async throws -> any Session {
        do { return GuestSubjectSession(host: host, session: try await host.openSession(beside: first)) } catch {
            throw HarnessFault("\(error)")
        }
    }
}

private struct GuestSubjectSession: Session {
    let host: ConnectorHost
    let session: GuestSession

    /// How long the guest itself may take for what is not the connector's.
    private static let patience = Duration.seconds(30)

    func construct(instance: String, credentials: Value, deadline: Duration) async -> Reply {
        await reply { try await session.construct(instance, credentials: credentials, within: deadline) }
    }

    func call(instance: String, method: String, arguments: [Call.Argument], deadline: Duration) async -> Reply {
        await reply { try await session.call(GuestCall(method, on: instance, arguments), within: deadline) }
    }

    func parallel(_ calls: [PlannedCall], deadline: Duration) async -> [Reply] {
        let planned = calls.map { GuestCall($0.method.rawValue, on: $0.instance, $0.arguments) }
        do {
            return try await session.parallel(planned, within: deadline).map {
                Reply($0.outcome, changedArguments: $0.changedArguments)
            }
        } catch {
            return calls.map { _ in Reply(.died(how: "\(error)")) }
        }
    }

    func attribute(instance: String, name: String) async -> Outcome {
        do { return try await session.attribute(name, of: instance, within: Self.patience) } catch { return .died(how: "\(error)") }
    }

    func state() async throws -> GuestState { try await guarded { try await session.state(within: Self.patience) } }

    func inspect() async throws -> Inspection { try await guarded { try await session.inspect(within: Self.patience) } }

    func look(_ name: String, _ arguments: [Value.Field]) async throws -> Value {
        let outcome = try await guarded { try await session.look(name, arguments.map { ($0.name, $0.value) }, within: Self.patience) }
        switch outcome {
        case .returned(let value): return value
        case .raised(let raised): throw ProbeStop("the look \(name) raised \(raised.type): \(raised.message)")
        case .timedOut: throw ProbeStop("the look \(name) stalled")
        case .died(let how): throw ProbeStop("the connector's process ended in the look \(name): \(how)")
        }
    }

    func close() async { await host.close(session) }

    var temporaryFolder: String? { session.temporaryFolder }

    private func reply(_ work: () async throws -> GuestAnswer) async -> Reply {
        do {
            let answer = try await work()
            return Reply(answer.outcome, changedArguments: answer.changedArguments)
        } catch {
            return Reply(.died(how: "\(error)"))
        }
    }

    private func guarded<T>(_ work: () async throws -> T) async throws -> T {
        do { return try await work() } catch { throw HarnessFault("\(error)") }
    }
}
