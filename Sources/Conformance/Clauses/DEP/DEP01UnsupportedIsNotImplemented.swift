import Recording

enum DEP01UnsupportedIsNotImplemented: Clause {
    enum Breach: String, BreachCode {
        case returnedNone = "returned-none"
        case returnedNotImplemented = "returned-not-implemented"
        case wrongException = "wrong-exception"
        case stalled
    }

    static let id = "DEP-01"
    static let probes: [any Probe.Type] = [OptionalMethodsProbe.self]
    static let page = Page(
        requires: """
            An optional method that the platform does not offer raises NotImplementedError: best by not defining it, since the base \
            class does so. A method that is declared off and works all the same is noted.
            """,
        why: "Programs find out what a platform offers by catching NotImplementedError; everything else looks like a success or a fault.",
        breach: "`pass` as the body, so that None comes back; `return NotImplemented` for `raise NotImplementedError`; a bare Exception or an AttributeError, with the platform never asked.",
        mend: "Delete the method, or raise NotImplementedError in it.",
        failing: """
            def deploy_model(self, model_path, endpoint_name, resource_config=None):
                pass                                      # the caller believes that it was deployed
            """,
        passing: """
            def deploy_model(self, model_path, endpoint_name, resource_config=None):
                raise NotImplementedError("this platform has no endpoints")
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(OptionalMethodsProbe.self)
        var facts: [Fact] = []
        var works: [String] = []
        var asked = try recording.requests("requests before").requests.count
        for method in OptionalMethodsProbe.methods {
            let call = try recording.call(method.rawValue)
            if let failure = stall(call) { return .breached(.stalled, failure) }
            let after = try recording.requests("requests after \(method.rawValue)")
            // Once the platform was asked the method is supported, and what becomes of it is for other clauses.
            let isSilent = after.requests.count == asked
            asked = after.requests.count
            if isSilent, let (breach, failure) = wrong(call, after.fact) { return .breached(breach, failure) }
            if call.value != nil, isDeclaredOff(method, evidence.terms) { works.append(method.rawValue) }
            facts.append(call.fact)
        }
        let witness = Witness(try recording.inspection("inspection").fact, others: facts)
        return works.isEmpty ? .holds(witness) : .noted("declared off, but it answers: \(works.joined(separator: ", "))", witness)
    }

    private static func isDeclaredOff(_ method: Method, _ terms: Terms) -> Bool {
        Capability(rawValue: method.rawValue).map { terms.off[$0] != nil } ?? false
    }

    private static func stall(_ call: CallFact) -> Failure? {
        switch call.outcome {
        case .timedOut, .died:
            Failure(
                "\(call.call.method) did not come back", expected: "NotImplementedError, or an answer", seen: "none", facts: [call.fact])
        default: nil
        }
    }

    /// What a method that asked nobody may not do. A bad name or file may be refused without asking.
    private static func wrong(_ call: CallFact, _ after: Fact) -> (Breach, Failure)? {
        func failure(_ what: String, _ seen: String) -> Failure {
            Failure(
                "\(call.call.method) \(what), and asked the platform nothing", expected: "NotImplementedError, or a documented answer",
                seen: seen, facts: [call.fact, after])
        }
        if call.value == Value.none { return (.returnedNone, failure("returned None", "None")) }
        if case .other(let type, let repr)? = call.value, isNotImplemented(type, repr) {
            return (.returnedNotImplemented, failure("returned what it should have raised", "a value of type \(type)"))
        }
        let documented = ["NotImplementedError", "CloudException", "FileOperationError", "ValueError", "OSError"]
        guard let raised = call.raised, !documented.contains(where: raised.isA) else { return nil }
        return (.wrongException, failure("raised \(raised.type)", raised.type))
    }

    /// The constant NotImplemented, or the exception itself, as a value.
    private static func isNotImplemented(_ type: String, _ repr: String) -> Bool {
        ["NotImplementedType", "NotImplementedError"].contains(type) || (type == "type" && repr == "<class 'NotImplementedError'>")
    }
}
