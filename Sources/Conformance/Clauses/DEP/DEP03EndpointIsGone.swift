import Recording

enum DEP03EndpointIsGone: Clause {
    enum Breach: String, BreachCode {
        case raised
        case notTrue = "not-true"
        case stillThere = "still-there"
        case secondNotFalse = "second-not-false"
        case secondWrongException = "second-wrong-exception"
        case stalled
    }

    static let id = "DEP-03"
    static let buildsOn = ["DEP-02"]
    static let probes: [any Probe.Type] = [DeployedModelProbe.self]
    static let capability: Capability? = .deleteEndpoint
    static let page = Page(
        requires: """
            delete_endpoint, given the name under which the model was deployed, returns True, and the endpoint is gone: it serves no more. The \
            same call again returns False or raises CloudException.
            """,
        why: "An endpoint costs by the hour. Who was told that it is gone looks no more, and a name that was mistyped must not look deleted.",
        breach: "True without asking the platform, None, the platform's answer as a dict, or True for a name that nothing has.",
        mend: "Ask the platform to delete it: True where it did, False where it knows no endpoint of that name.",
        failing: """
            def delete_endpoint(self, endpoint_name):
                self._session.delete(f"{self._url}/v1/endpoints/{endpoint_name}")       # 404 looks like success
                return True
            """,
        passing: """
            def delete_endpoint(self, endpoint_name):
                response = self._session.delete(f"{self._url}/v1/endpoints/{endpoint_name}")
                if response.status_code == 404:
                    return False
                self._check(response)
                return True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        if let failure = OptionalMethod.stall(.deleteEndpoint, evidence) { return .breached(.stalled, failure) }
        let recording = try evidence.recording(DeployedModelProbe.self)
        if let reason = OptionalMethod.unsupported(try DeployedModelProbe.deployment(recording)) { return .notApplicable(reason) }
        let delete = try recording.call("delete")
        if let reason = OptionalMethod.unsupported(delete) { return .notApplicable(reason) }
        guard delete.value == .bool(true) else {
            return .breached(
                delete.raised == nil ? .notTrue : .raised,
                Failure(
                    "delete_endpoint of an endpoint that is there \(delete.raised.map { "raised \($0.type)" } ?? "did not return True")",
                    expected: "True", seen: delete.outcome.phrase, facts: [delete.fact]))
        }
        let after = try recording.endpoints("endpoints after delete_endpoint")
        let name = delete.call.arguments.first?.value.string ?? ""
        let answer = recording.fact("post after delete_endpoint")
        if after.names.contains(name) || answer.map(answers) == true {
            return .breached(
                .stillThere,
                Failure(
                    "delete_endpoint returned True, but the endpoint is still there", expected: "no such endpoint on the platform",
                    seen: after.names.contains(name) ? "the endpoint" : "a URL that still serves",
                    facts: [delete.fact, after.fact] + (answer.map { [$0] } ?? [])))
        }
        let again = try recording.call("delete again")
        switch again.outcome {
        case .returned(.bool(false)): break
        case .raised(let raised) where raised.isA("CloudException"): break
        default:
            return .breached(
                again.raised == nil ? .secondNotFalse : .secondWrongException,
                Failure(
                    "delete_endpoint of an endpoint that is gone \(again.raised.map { "raised \($0.type)" } ?? "did not return False")",
                    expected: "False or CloudException", seen: again.outcome.phrase, facts: [delete.fact, again.fact]))
        }
        return .holds(Witness(delete.fact, after.fact, again.fact))
    }

    private static func answers(_ fact: Fact) -> Bool {
        if case .posted(_, let status, _) = fact.body { HTTPStatus.isSuccess(status) } else { false }
    }
}
