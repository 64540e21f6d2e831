import Recording

/// What the clauses on optional methods share.
enum OptionalMethod {
    /// Why a clause does not apply: the connector does not have the method, as it may. Whether it says so rightly is for DEP-01.
    static func unsupported(_ call: CallFact) -> String? {
        guard let raised = call.raised else { return nil }
        let isMissing = raised.isA("AttributeError") && raised.frames.isEmpty && raised.message.contains("'\(call.call.method)'")
        return raised.isA("NotImplementedError") || isMissing ? "\(call.call.method) is not supported" : nil
    }

    /// The same for methods of which one was declared off.
    static func declaredOff(_ capabilities: [Capability], _ terms: Terms) -> String? {
        for capability in capabilities {
            if let reason = terms.off[capability] { return "\(capability.rawValue) is declared off: \(reason)" }
        }
        return nil
    }

    /// A call of the method, in whatever recording, that did not come back.
    static func stall(_ method: Method, _ evidence: Evidence) -> Failure? {
        for call in evidence.calls(of: method) {
            switch call.outcome {
            case .timedOut:
                return Failure(
                    "\(method.rawValue) did not come back", expected: "an answer within the deadline", seen: "none", facts: [call.fact])
            case .died(let how):
                return Failure(
                    "the connector's process ended during \(method.rawValue)", expected: "a normal return", seen: how, facts: [call.fact])
            case .returned, .raised: continue
            }
        }
        return nil
    }
}
