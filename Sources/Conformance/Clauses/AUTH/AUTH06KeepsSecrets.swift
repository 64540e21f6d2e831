import Recording

enum AUTH06KeepsSecrets: Clause {
    enum Breach: String, BreachCode {
        case inError = "in-error"
        case inLog = "in-log"
        case printed
        case inRepr = "in-repr"
        case credentialsChanged = "credentials-changed"
        case changedByCalls = "credentials-changed-later"
    }

    static let id = "AUTH-06"
    static let probes: [any Probe.Type] = [CredentialsProbe.self, UnauthenticatedProbe.self]
    static let page = Page(
        requires: """
            No secret stands in an exception's text or traceback, in a log line, in what is printed or in repr(connector). \
            The credentials dict stays as the caller gave it, also after jobs were submitted with it.
            """,
        why: "Errors and logs end up in CI output and bug reports. A dict that changes under the caller breaks whoever shares it.",
        breach: "`f\"cannot log in with {self.credentials}\"`, a dataclass whose generated repr shows the key, a popped or added key.",
        mend: "Name the user or the key's last letters at most, keep secrets out of repr, and copy the dict before you change it.",
        failing: """
            except HTTPError as error:
                raise CloudConnectionError(f"login with {self.credentials} failed") from error
            """,
        passing: """
            except HTTPError as error:
                raise CloudConnectionError(f"login failed: HTTP {error.code}") from error
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        for recording in evidence.recordings {
            for fact in recording.facts {
                if let (breach, failure) = leak(in: fact) { return .breached(breach, failure) }
            }
        }
        let own = try evidence.recording(CredentialsProbe.self)
        let before = try evidence.recording(UnauthenticatedProbe.self)
        return .holds(
            Witness(
                try own.call("construct").fact, try own.attribute("repr").fact, try own.look("credentials afterwards").fact,
                try own.guest("state at the end").fact, try before.look(UnauthenticatedProbe.credentials).fact, try before.guest("state at the end").fact))
    }

    private static func leak(in fact: Fact) -> (Breach, Failure)? {
        func failure(_ reason: String) -> Failure {
            Failure(reason, expected: "no secret", seen: "the secret", facts: [fact])
        }
        func changed(_ who: String) -> Failure {
            Failure("\(who) changed the caller's credentials", expected: "the dict as it was", seen: "another dict", facts: [fact])
        }
        switch fact.body {
        case .call(let call):
            if call.method == Method.construct.rawValue, call.changedArguments.contains("credentials") {
                return (.credentialsChanged, changed("the constructor"))
            }
            guard let raised = call.outcome.raised else { return nil }
            let place = shows(raised.message) ? "message" : shows(raised.traceback) ? "traceback" : nil
            return place.map { (.inError, failure("the \($0) of \(raised.type) from \(call.method) shows a secret")) }
        case .attribute(_, "repr()", let outcome):
            return shows(outcome.value?.string ?? "") ? (.inRepr, failure("repr() of the connector shows a secret")) : nil
        case .guest(let state):
            if state.logLines.contains(where: shows) { return (.inLog, failure("a log line shows a secret")) }
            let printed = shows(state.printedToStdout) || shows(state.printedToStderr)
            return printed ? (.printed, failure("what the connector printed shows a secret")) : nil
        case .look("credentials_unchanged", let found) where found["unchanged"] == .bool(false):
            let isLater = fact.label == UnauthenticatedProbe.credentials
            return (isLater ? .changedByCalls : .credentialsChanged, changed(isLater ? "a call after authenticate" : "the connector"))
        default: return nil
        }
    }

    private static func shows(_ text: String) -> Bool { text.contains(Redaction.marker) }
}
