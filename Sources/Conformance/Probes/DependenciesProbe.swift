import Recording

/// A job asks for a module that can be had, another one for a requirement that cannot.
enum DependenciesProbe: Probe {
    static let name = "dependencies"
    /// What the first job prints once the module is imported.
    static let imported = "the module is there"
    static let notFound = "the module is not there"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        // A platform may take its time to refuse: the two run side by side, in the order in which the platform got to know of them.
        let missing = Program.printing(stage.nonce("missing"))
        let second = stage.start(submission("submit with a missing dependency", missing, stage.requirements.missing))
        await second.settled(patience: .milliseconds(400))
        let available = Program(nonce: stage.nonce("available"), code: importing(stage.requirements.module, stage.nonce("available")))
        let first = try await stage.perform(submission("submit with a dependency", available, stage.requirements.available))
        let last = try await stage.finish(second)
        let count = (first.value == nil ? 0 : 1) + (last.value == nil ? 0 : 1)
        if count > 0 { _ = try await stage.reaches("jobs ended", .ended, index: count - 1, patience: .seconds(25)) }
        if count == 2 { _ = try await stage.comes(to: .ended, index: 0, patience: .seconds(25)) }
        try await stage.jobs("jobs with dependencies")
    }

    private static func submission(_ label: String, _ program: Program, _ requirement: String) -> PlannedCall {
        PlannedCall(
            label, .submitJob,
            [Call.Argument("code", .string(program.code)), Call.Argument("dependencies", .list([.string(requirement)]))], mustReturn: false)
    }

    /// Says that it runs before it imports: whether the module is there can be told from whether the code ran.
    private static func importing(_ module: String, _ nonce: String) -> String {
        """
        print("\(nonce)", flush=True)
        try:
            import \(module)
        except ImportError:
            print("\(notFound)")
        else:
            print("\(imported)")

        """
    }
}
