import Recording

enum AUTH03MirrorsTheOutcome: Clause {
    enum Breach: String, BreachCode {
        case missing
        case notSet = "not-set"
        case setAllTheSame = "set-all-the-same"
        case notBool = "not-bool"
    }

    static let id = "AUTH-03"
    static let buildsOn = ["AUTH-01"]
    static let probes: [any Probe.Type] = [CredentialsProbe.self]
    static let page = Page(
        requires: "After authenticate() the attribute `authenticated` is True where it returned True, and False where it did not.",
        why: "Callers and the connector's own methods look at `authenticated` to decide whether a call can be made at all.",
        breach: "It stays False after a success, or it is set to True before the platform has answered.",
        mend: "Assign it from the outcome, in authenticate(), at one place, on every way out.",
        failing: """
            def authenticate(self):
                self.authenticated = True           # before anybody was asked
                return self._whoami().status == 200
            """,
        passing: """
            def authenticate(self):
                self.authenticated = self._whoami().status == 200
                return self.authenticated
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CredentialsProbe.self)
        let success = try recording.call("authenticate")
        let after = try recording.attribute("authenticated")
        if let (breach, failure) = wrong(after, success) { return .breached(breach, failure) }
        _ = try recording.guest("state at the end")
        var facts = [after.fact]
        for bad in BadCredentials.all where recording.fact("authenticate \(bad.name)") != nil {
            let call = try recording.call("authenticate \(bad.name)")
            let after = try recording.attribute("authenticated \(bad.name)")
            if let (breach, failure) = wrong(after, call) { return .breached(breach, failure) }
            facts += [call.fact, after.fact]
        }
        return .holds(Witness(success.fact, others: facts))
    }

    private static func wrong(_ after: (fact: Fact, outcome: Outcome), _ call: CallFact) -> (Breach, Failure)? {
        let expected = call.value == .bool(true)
        let outcome = call.raised.map { "raised \($0.type)" } ?? (expected ? "returned True" : "did not return True")
        func failure(_ seen: String) -> Failure {
            Failure(
                "authenticate \(outcome), and authenticated is \(seen)", expected: expected ? "True" : "False", seen: seen,
                facts: [call.fact, after.fact])
        }
        switch after.outcome.value {
        case .bool(let value):
            guard value != expected else { return nil }
            return (expected ? .notSet : .setAllTheSame, failure(value ? "True" : "False"))
        case .some(let value): return (.notBool, failure("a value of type \(value.typeName)"))
        case nil: return (.missing, failure("not to be read"))
        }
    }
}
