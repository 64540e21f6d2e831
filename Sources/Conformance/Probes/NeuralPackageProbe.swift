import Recording

/// Looks at the `neural` package that the connector uses. Where that is the harness's own there is nothing to judge.
enum NeuralPackageProbe: Probe {
    static let name = "neural-package"

    static func run(_ stage: Stage) async throws {
        guard try await stage.inspect().ownNeural else { return }
        try await stage.look("credentials file", "credentials_file")
    }
}
