import Recording

enum AUTH01ReturnsTrue: Clause {
    enum Breach: String, BreachCode {
        case returnedFalse = "returned-false"
        case notTrue = "not-true"
        case raised
        case constructorRaised = "constructor-raised"
        case stalled
    }

    static let id = "AUTH-01"
    static let probes: [any Probe.Type] = [CredentialsProbe.self]
    static let page = Page(
        requires: "With credentials that the platform accepts, the constructor returns and authenticate() returns exactly True.",
        why: "Callers write `if connector.authenticate():` and `assert connector.authenticate() is True`. Everything else begins here.",
        breach: "None because a `return` was forgotten, the response object or 1 instead of True, or an exception from a wrong URL.",
        mend: "Ask the platform who the credentials belong to, set self.authenticated, and `return True`.",
        failing: """
            def authenticate(self):
                self.session = self._login()        # returns None
                self.authenticated = True
            """,
        passing: """
            def authenticate(self):
                self.session = self._login()
                self.authenticated = True
                return True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        if let finding = construction(evidence) { return finding }
        return try MethodCheck.judge(
            .authenticate, evidence, probe: CredentialsProbe.self, raised: .raised, stalled: .stalled
        ) { call, value in
            // Only with right credentials is a call bound to return; what bad ones give is the next clause's.
            guard call.call.mustReturn, value != .bool(true) else { return nil }
            let seen = value == .bool(false) ? "False" : value == .none ? "None" : "a value of type \(value.typeName)"
            return (
                value == .bool(false) ? .returnedFalse : .notTrue,
                Failure("authenticate returned \(seen) for valid credentials", expected: "True", seen: seen, facts: [call.fact])
            )
        }
    }

    private static func construction(_ evidence: Evidence) -> Finding<Breach>? {
        for call in evidence.calls(of: .construct) {
            func breached(_ breach: Breach, _ reason: String, _ seen: String) -> Finding<Breach> {
                .breached(breach, Failure(reason, expected: "an instance", seen: seen, facts: [call.fact]))
            }
            switch call.outcome {
            case .returned: continue
            case .raised(let raised):
                guard call.call.mustReturn else { continue }
                return breached(
                    .constructorRaised, "the constructor raised \(raised.type) for valid credentials", raised.type)
            case .timedOut: return breached(.stalled, "the constructor did not come back", "none by the deadline")
            case .died(let how): return breached(.stalled, "the connector's process ended in the constructor", how)
            }
        }
        return nil
    }
}
