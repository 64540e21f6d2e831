import Recording

enum DEP04MissingModelIsAnError: Clause {
    enum Breach: String, BreachCode {
        case accepted
        case returnedNone = "returned-none"
        case endpointLeft = "endpoint-left"
    }

    static let id = "DEP-04"
    static let buildsOn = ["DEP-02"]
    static let probes: [any Probe.Type] = [DeployedModelProbe.self]
    static let capability: Capability? = .deployModel
    static let page = Page(
        requires: "deploy_model with a path where nothing is raises, and leaves no endpoint behind.",
        why: "A mistyped path must not become an endpoint that costs money and answers nothing.",
        breach: "The endpoint is created before the model is read, or the path is sent on without a look, and the name comes back as if all were well.",
        mend: "Look for the model first. Where a later step fails, delete the endpoint again before raising.",
        failing: """
            def deploy_model(self, model_path, endpoint_name, resource_config=None):
                self._post("/v1/endpoints", {"name": endpoint_name})
                self._upload_model(model_path, endpoint_name)       # raises, and the endpoint stays
                return endpoint_name
            """,
        passing: """
            def deploy_model(self, model_path, endpoint_name, resource_config=None):
                if not os.path.exists(model_path):
                    raise CloudException(f"there is no model at {model_path}")
                remote = self._upload_model(model_path, endpoint_name)
                return self._post("/v1/endpoints", {"name": endpoint_name, "model_path": remote})["url"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(DeployedModelProbe.self)
        if let reason = OptionalMethod.unsupported(try DeployedModelProbe.deployment(recording)) { return .notApplicable(reason) }
        let call = try recording.call("deploy a missing model")
        if let value = call.value {
            return .breached(
                value == .none ? .returnedNone : .accepted,
                Failure(
                    "deploy_model returned for a model that is not there", expected: "an exception", seen: value.phrase, facts: [call.fact]))
        }
        let before = try recording.endpoints("endpoints before the missing model")
        let after = try recording.endpoints("endpoints after the missing model")
        if after.names.contains(where: { !before.names.contains($0) }) {
            return .breached(
                .endpointLeft,
                Failure(
                    "deploy_model raised for a model that is not there, but left an endpoint", expected: "no endpoint",
                    seen: "an endpoint", facts: [call.fact, after.fact]))
        }
        return .holds(Witness(call.fact, after.fact))
    }
}
