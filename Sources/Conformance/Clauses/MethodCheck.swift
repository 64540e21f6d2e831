import Recording

/// The judgement that the first clause of each method shares: every call of the method, in every recording, comes back, and with the right type.
enum MethodCheck {
    /// - Parameters:
    ///   - probe: where the witness is looked for.
    ///   - raised: breach where a call that the contract obliges to return raised.
    ///   - stalled: breach where a call did not come back by its deadline, or the process ended in it.
    ///   - excused: whether what a call gave is another clause's to judge; one that does not come back is not excused.
    ///   - wrong: looks at what a call returned; nil where it is right.
    static func judge<Breach>(
        _ method: Method, _ evidence: Evidence, probe: any Probe.Type, raised: Breach, stalled: Breach,
        excused: (CallFact) -> Bool = { _ in false }, wrong: (CallFact, Value) -> (Breach, Failure)?
    ) throws -> Finding<Breach> {
        let calls = evidence.calls(of: method)
        for call in calls {
            switch call.outcome {
            case .returned(let value):
                if isBeforeAuthentication(call) || excused(call) { continue }
                if let (breach, failure) = wrong(call, value) { return .breached(breach, failure) }
            case .raised(let exception):
                guard call.call.mustReturn, !excused(call) else { continue }
                // Nobody is bound to serve a caller whose authentication failed: that one is judged instead.
                if let refused = refusedAuthentication(before: call, evidence), method != .authenticate {
                    throw PremiseMissing(reason: "authenticate did not return True", by: refused.fact)
                }
                return .breached(
                    raised,
                    Failure(
                        "\(method.rawValue) raised \(exception.type)", expected: "a normal return",
                        seen: "\(exception.type): \(exception.message)", facts: [call.fact]))
            case .timedOut:
                return .breached(
                    stalled,
                    Failure(
                        "\(method.rawValue) did not come back", expected: "an answer within the deadline", seen: "none", facts: [call.fact]))
            case .died(let how):
                if wasTakenAlong(call, evidence) { continue }
                return .breached(
                    stalled,
                    Failure(
                        "the connector's process ended during \(method.rawValue)", expected: "a normal return", seen: how,
                        facts: [call.fact]))
            }
        }
        let own = try evidence.recording(probe)
        guard let first = calls.first(where: { $0.value != nil && $0.fact.id.hasPrefix("\(own.probe)/") }) else {
            throw own.missing("a call of \(method.rawValue) that returns")
        }
        return .holds(Witness(first.fact))
    }

    /// What a call gives to somebody who is not known to the platform is for AUTH-04.
    private static func isBeforeAuthentication(_ call: CallFact) -> Bool {
        !call.call.mustReturn && call.call.instance != "main" && call.fact.id.hasPrefix("\(UnauthenticatedProbe.name)/")
    }

    /// A call that stalls ends its session, and with it whatever else was under way: only the one that stalled is judged.
    private static func wasTakenAlong(_ call: CallFact, _ evidence: Evidence) -> Bool {
        guard let recording = evidence.recordings.first(where: { call.fact.id.hasPrefix("\($0.probe)/") }) else { return false }
        return recording.calls.contains { if case .timedOut = $0.call.outcome { true } else { false } }
    }

    /// The call of authenticate before `call`, on the same instance, where it gave anything but True.
    private static func refusedAuthentication(before call: CallFact, _ evidence: Evidence) -> CallFact? {
        let probe = call.fact.id.prefix { $0 != "/" }
        return evidence.calls(of: .authenticate).last {
            $0.fact.id.hasPrefix("\(probe)/") && $0.call.instance == call.call.instance && $0.fact.sequence < call.fact.sequence
        }.flatMap { $0.value == .bool(true) ? nil : $0 }
    }
}
