import Recording

/// A job asks for two modules that can be had, one of them in a certain version; another job for a requirement that cannot.
enum DependenciesProbe: Probe {
    static let name = "dependencies"
    /// What the first job prints once all modules are imported.
    static let imported = "the modules are there"
    static let notFound = "a module is not there"
    static let otherVersion = "a module is there in another version"

    /// A platform installs what is new to it before it answers, on a machine that may be busy; a connector may try again meanwhile, and the
    /// second call may have to wait for the first.
    private static let patience = 3

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        // A platform may take its time to refuse: the two run side by side, in the order in which the platform got to know of them.
        let missing = Program.printing(stage.nonce("missing"))
        let second = stage.start(submission("submit with a missing dependency", missing, [stage.requirements.missing]), patience: stage.deadline * patience)
        await second.settled(patience: .milliseconds(400))
        let offered = stage.requirements.available
        let available = Program(nonce: stage.nonce("available"), code: importing(offered, stage.nonce("available")))
        let first = stage.start(
            submission("submit with dependencies", available, offered.map(\.requirement)), patience: stage.deadline * patience)
        let (fulfilled, refused) = try await stage.finish(first, second)
        let count = (fulfilled.value == nil ? 0 : 1) + (refused.value == nil ? 0 : 1)
        if count > 0 { _ = try await stage.reaches("jobs ended", .ended, index: count - 1, patience: .seconds(25)) }
        if count == 2 { _ = try await stage.comes(to: .ended, index: 0, patience: .seconds(25)) }
        try await stage.jobs("jobs with dependencies")
    }

    private static func submission(_ label: String, _ program: Program, _ requirements: [String]) -> PlannedCall {
        PlannedCall(
            label, .submitJob,
            [Call.Argument("code", .string(program.code)), Call.Argument("dependencies", .list(requirements.map { .string($0) }))],
            mustReturn: false)
    }

    /// Says that it runs before it imports: whether the modules are there can be told from whether the code ran.
    private static func importing(_ offered: [Requirements.Available], _ nonce: String) -> String {
        let imports = offered.map { "    import \($0.module)" }.joined(separator: "\n")
        let isRight = offered.map { "\($0.module).version == '\($0.version)'" }.joined(separator: " and ")
        return """
            print("\(nonce)", flush=True)
            try:
            \(imports)
            except ImportError:
                print("\(notFound)")
            else:
                print("\(imported)" if \(isRight) else "\(otherVersion)")

            """
    }
}
