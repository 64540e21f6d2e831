import Recording

/// A model is deployed, asked, deleted and deleted again; then one that is not there is deployed.
enum DeployedModelProbe: Probe {
    static let name = "deployed-model"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let model = try await stage.look(
            "model", "file_area", Value.Field("do", "model"), Value.Field("folder_word", .string(stage.nonce("folder"))),
            Value.Field("file_word", .string(stage.nonce("file"))))
        let name = endpointName("model", stage)
        guard let deployed = try await deploy(model, as: name, stage) else { return }
        let isURL = deployed.hasPrefix("http://") || deployed.hasPrefix("https://")
        try await stage.endpoints("endpoints after deploy_model", patience: isURL ? .zero : .seconds(3)) { !$0.isEmpty }
        try await stage.jobs("jobs after deploy_model")
        if isURL { try await stage.post("post", to: deployed, patience: .seconds(5), lookingFor: [stage.nonce("folder"), stage.nonce("file")]) }

        let endpoint = Call.Argument("endpoint_name", .string(name), positional: true)
        let deleted = try await stage.call("delete", .deleteEndpoint, endpoint, mustReturn: false)
        if deleted.value != nil {
            // A connector that only says that it deleted is not waited for as long.
            try await stage.endpoints("endpoints after delete_endpoint") { !$0.contains(name) }
            if isURL { try await stage.post("post after delete_endpoint", to: deployed) }
            try await stage.call("delete again", .deleteEndpoint, endpoint, mustReturn: false)
        }
        try await deployMissing(model, stage)
    }

    /// A model may be a folder or a file: whichever of the two the connector takes is enough. Gives what a working call returned.
    private static func deploy(_ model: Value, as name: String, _ stage: Stage) async throws -> String? {
        var outcome = try await deploy("deploy a folder", stage.path("folder", in: model), name, stage)
        if let raised = outcome.raised, !raised.isA("NotImplementedError") {
            outcome = try await deploy("deploy a file", stage.path("file", in: model), name, stage)
        }
        return outcome.value?.string.flatMap { $0.isEmpty ? nil : $0 }
    }

    private static func deployMissing(_ model: Value, _ stage: Stage) async throws {
        let before = try await stage.endpoints("endpoints before the missing model")
        try await deploy("deploy a missing model", stage.path("missing", in: model), endpointName("missing", stage), stage)
        try await stage.endpoints("endpoints after the missing model", patience: .milliseconds(500)) { $0.count <= before.count }
    }

    @discardableResult
    private static func deploy(_ label: String, _ path: String, _ name: String, _ stage: Stage) async throws -> Outcome {
        try await stage.call(
            label, .deployModel, Call.Argument("model_path", .string(path), positional: true),
            Call.Argument("endpoint_name", .string(name), positional: true), mustReturn: false)
    }

    /// Lower-case letters, digits and a hyphen: what every platform takes as a name.
    private static func endpointName(_ word: String, _ stage: Stage) -> String { "\(word)-\(stage.nonce(word))" }

    /// The call that deploys, in the form that the connector takes.
    static func deployment(_ recording: Recording) throws -> CallFact {
        if recording.fact("deploy a file") != nil { return try recording.call("deploy a file") }
        return try recording.call("deploy a folder")
    }
}
