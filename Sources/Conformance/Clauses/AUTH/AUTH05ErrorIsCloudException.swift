import Recording

enum AUTH05ErrorIsCloudException: Clause {
    enum Breach: String, BreachCode {
        case bareException = "bare-exception"
        case otherException = "other-exception"
    }

    static let id = "AUTH-05"
    static let probes: [any Probe.Type] = [UnauthenticatedProbe.self]
    static let page = Page(
        requires: "What a call raises because it is not authenticated is a CloudException, best a CloudConnectionError.",
        why: "A caller who handles `except CloudException` handles every failure of the platform; a bare Exception ends the program.",
        breach: "`raise Exception(\"Not authenticated\")`, a KeyError from the credentials, or the HTTP library's own exception.",
        mend: "Raise CloudConnectionError from neural.exceptions, with the lower exception as its cause where there is one.",
        failing: """
            if not self.authenticated:
                raise Exception("Not authenticated")
            """,
        passing: """
            if not self.authenticated and not self.authenticate():
                raise CloudConnectionError("not authenticated")
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(UnauthenticatedProbe.self)
        let methods = ["submit", "status", "list", "logs", "cancel", "usage", "upload", "result"]
        let labels = ["submit fresh"] + BadCredentials.all.flatMap { bad in methods.map { "\($0) \(bad.name)" } }
        var facts: [Fact] = []
        for label in labels where recording.fact(label) != nil {
            let call = try recording.call(label)
            guard let raised = call.raised, OptionalMethod.unsupported(call) == nil else { continue }
            guard raised.isA("CloudException") else {
                return .breached(
                    raised.type == "Exception" ? .bareException : .otherException,
                    Failure(
                        "\(call.call.method) raised \(raised.type) before authentication", expected: "a CloudException", seen: raised.type,
                        facts: [call.fact]))
            }
            facts.append(call.fact)
        }
        _ = try recording.guest("state at the end")
        guard let first = facts.first else { return .notApplicable("no call before authentication raised anything") }
        return .holds(Witness(first, others: Array(facts.dropFirst())))
    }
}
