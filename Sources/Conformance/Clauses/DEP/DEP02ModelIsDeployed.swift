import Recording

enum DEP02ModelIsDeployed: Clause {
    enum Breach: String, BreachCode {
        case raised
        case returnedNone = "returned-none"
        case notStr = "not-str"
        case notDeployed = "not-deployed"
        case urlDoesNotAnswer = "url-does-not-answer"
        case otherModel = "other-model"
        case stalled
    }

    static let id = "DEP-02"
    static let buildsOn = ["AUTH-01"]
    static let probes: [any Probe.Type] = [DeployedModelProbe.self]
    static let capability: Capability? = .deployModel
    static let page = Page(
        requires: """
            deploy_model takes the path of a model on the caller's machine, a folder or a file, and returns a str that is not empty: a name, \
            an id or a URL. That model is deployed then, all files of the folder; and where it is a URL, a POST to it answers 2xx, with what the \
            model gives where the answer is 200.
            """,
        why: "The caller passes the str on as the address of a model that serves. One that was made up fails in somebody else's hands.",
        breach: "None, the platform's whole answer as a dict, or a URL put together from the name without asking the platform; `model.py` sent without the modules that it imports; another model in place of the given one.",
        mend: "Upload the model, create the endpoint, and return what the platform says of it, once it serves.",
        failing: """
            def deploy_model(self, model_path, endpoint_name, resource_config=None):
                return f"https://api.acme.com/endpoints/{endpoint_name}"       # nobody was asked
            """,
        passing: """
            def deploy_model(self, model_path, endpoint_name, resource_config=None):
                remote = self._upload_model(model_path, endpoint_name)
                return self._post("/v1/endpoints", {"name": endpoint_name, "model_path": remote})["url"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        if let failure = OptionalMethod.stall(.deployModel, evidence) { return .breached(.stalled, failure) }
        let recording = try evidence.recording(DeployedModelProbe.self)
        let deploy = try DeployedModelProbe.deployment(recording)
        if let reason = OptionalMethod.unsupported(deploy) { return .notApplicable(reason) }
        if let (breach, found) = wrong(deploy) {
            var failure = found
            if let folder = recording.fact("deploy a folder"), folder != deploy.fact { failure.facts.insert(folder, at: 0) }
            return .breached(breach, failure)
        }

        if let fact = recording.fact("post"), case .posted(_, let status, let holdsWord) = fact.body {
            guard HTTPStatus.isSuccess(status) else {
                return .breached(
                    .urlDoesNotAnswer,
                    Failure(
                        "deploy_model returned a URL that does not serve", expected: "2xx to a POST",
                        seen: status.map { "\($0)" } ?? "no answer", facts: [deploy.fact, fact]))
            }
            guard status != 200 || holdsWord != false else {
                return .breached(
                    .otherModel,
                    Failure(
                        "deploy_model returned a URL that serves another model than the given one",
                        expected: "an answer with the word that the model gives", seen: "an answer without it", facts: [deploy.fact, fact]))
            }
            return .holds(Witness(deploy.fact, fact))
        }
        let endpoints = try recording.endpoints("endpoints after deploy_model")
        // A platform's job that serves is a deployment too.
        let jobs = try recording.jobs("jobs after deploy_model")
        guard !endpoints.names.isEmpty || !jobs.jobs.isEmpty else {
            return .breached(
                .notDeployed,
                Failure(
                    "deploy_model returned, but nothing was deployed", expected: "an endpoint on the platform", seen: "none",
                    facts: [deploy.fact, endpoints.fact]))
        }
        return .holds(Witness(deploy.fact, endpoints.fact, jobs.fact))
    }

    private static func wrong(_ deploy: CallFact) -> (Breach, Failure)? {
        func failure(_ what: String) -> Failure {
            Failure("deploy_model \(what)", expected: "a non-empty str", seen: deploy.outcome.phrase, facts: [deploy.fact])
        }
        switch deploy.outcome {
        case .raised(let raised): return (.raised, failure("raised \(raised.type) for a model that is there"))
        case .returned(.none): return (.returnedNone, failure("returned None"))
        case .returned(let value):
            return value.string?.isEmpty == false ? nil : (.notStr, failure("returned no str, or an empty one"))
        case .timedOut, .died: return (.stalled, failure("did not come back"))
        }
    }
}

extension Recording {
    /// The names of the tenant's endpoints, taken at that label.
    func endpoints(_ label: String) throws -> (fact: Fact, names: [String]) {
        guard let fact = fact(label), case .endpoints(let names) = fact.body else { throw missing(label) }
        return (fact, names)
    }
}
