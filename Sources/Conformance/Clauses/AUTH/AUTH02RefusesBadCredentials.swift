import Recording

enum AUTH02RefusesBadCredentials: Clause {
    enum Breach: String, BreachCode {
        case acceptedInvalid = "accepted-invalid"
        case acceptedMissing = "accepted-missing"
        case wrongReturn = "wrong-return"
        case wrongException = "wrong-exception"
        case constructorRaised = "constructor-raised"
    }

    static let id = "AUTH-02"
    static let buildsOn = ["AUTH-01"]
    static let probes: [any Probe.Type] = [CredentialsProbe.self]
    static let page = Page(
        requires: """
            With credentials that the platform refuses, with {} and with None, authenticate() returns False or raises \
            CloudConnectionError. The constructor may refuse them too, with ValueError or CloudConnectionError.
            """,
        why: "A caller with a mistyped key has to learn it here, in one of two documented ways, not at the first job.",
        breach: "True for any key that is not empty, a KeyError for a missing one, None, or the HTTP library's own exception.",
        mend: "Read credentials with .get(), ask the platform, return False where it answers 401 or 403, and wrap all other failures.",
        failing: """
            def authenticate(self):
                self.authenticated = bool(self.credentials["api_key"])     # never asks; KeyError for {}
                return self.authenticated
            """,
        passing: """
            def authenticate(self):
                key = self.credentials.get("api_key")
                self.authenticated = bool(key) and self._whoami(key).status == 200
                return self.authenticated
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CredentialsProbe.self)
        let accepted = try recording.call("authenticate")
        _ = try recording.guest("state at the end")
        var refusals: [Fact] = []
        for bad in BadCredentials.all where recording.fact("construct \(bad.name)") != nil {
            let construction = try recording.call("construct \(bad.name)")
            if let raised = construction.raised {
                if let failure = inConstructor(raised, bad, construction.fact) { return .breached(.constructorRaised, failure) }
                refusals.append(construction.fact)
            } else {
                let call = try recording.call("authenticate \(bad.name)")
                if let (breach, failure) = wrong(call, bad) { return .breached(breach, failure) }
                refusals.append(call.fact)
            }
        }
        guard !refusals.isEmpty else {
            return .notApplicable("the credentials of this check hold nothing that could be spoiled or left out")
        }
        let witness = Witness(accepted.fact, others: refusals)
        guard recording.fact("construct invalid") != nil else {
            return .noted("no credential is filled from the platform's token, so only missing ones were tried", witness)
        }
        return .holds(witness)
    }

    private static func inConstructor(_ raised: Raised, _ bad: BadCredentials, _ fact: Fact) -> Failure? {
        guard !raised.isA("ValueError"), !raised.isA("CloudConnectionError") else { return nil }
        return Failure(
            "the constructor raised \(raised.type) for \(bad.phrase)",
            expected: "an instance, ValueError or CloudConnectionError", seen: raised.type, facts: [fact])
    }

    private static func wrong(_ call: CallFact, _ bad: BadCredentials) -> (Breach, Failure)? {
        func failure(_ what: String, _ seen: String) -> Failure {
            Failure(
                "authenticate \(what) for \(bad.phrase)", expected: "False or CloudConnectionError", seen: seen, facts: [call.fact])
        }
        if let raised = call.raised {
            return raised.isA("CloudConnectionError") ? nil : (.wrongException, failure("raised \(raised.type)", raised.type))
        }
        switch call.value {
        case .bool(false): return nil
        case .bool(true):
            let breach = bad.name == BadCredentials.invalid.name ? Breach.acceptedInvalid : .acceptedMissing
            return (breach, failure("returned True", "True"))
        case .some(.none): return (.wrongReturn, failure("returned None", "None"))
        case .some(let value):
            return (.wrongReturn, failure("returned a value of type \(value.typeName)", "a value of type \(value.typeName)"))
        case nil: return nil
        }
    }
}
