import Recording

enum CFG03DefaultsAndCallersObjects: Clause {
    enum Breach: String, BreachCode {
        case argumentChanged = "argument-changed"
        case wrongDefault = "wrong-default"
        case sharedDefault = "shared-custom-params"
    }

    static let id = "CFG-03"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [ResourceConfigProbe.self, NeuralPackageProbe.self]
    static let page = Page(
        requires: """
            The caller's ResourceConfig, environment and dependencies are after each call what they were before. Where the connector \
            brings its own neural package, ResourceConfig has the documented defaults, and no two instances share custom_params.
            """,
        why: "Callers keep one configuration and use it for many jobs; what one submission writes into it turns up in the next.",
        breach: "`environment[\"JOB\"] = name`, `dependencies.append(...)`, or a custom_params default that is one dict for all.",
        mend: "Build what you send in objects of your own: dict(environment or {}), list(dependencies or []), dataclasses.asdict(config).",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, **kwargs):
                environment = environment or {}
                environment["PLATFORM"] = "acme"        # the caller's own dict
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, **kwargs):
                environment = {**(environment or {}), "PLATFORM": "acme"}
            """)

    /// The documented defaults beside instance_type, which is required.
    private static let defaults: [(name: String, value: Value)] = [
        ("gpu_enabled", false), ("gpu_count", 0), ("memory_gb", .none), ("cpu_count", .none), ("disk_size_gb", .none),
        ("max_runtime_hours", .none), ("auto_shutdown", true), ("custom_params", .dict([])),
    ]

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        if let finding = changed(evidence) { return finding }
        let recording = try evidence.recording(ResourceConfigProbe.self)
        let everything = try recording.call("submit with everything").fact
        let dependencies = try recording.call("submit with dependencies").fact
        let package = try evidence.recording(NeuralPackageProbe.self).inspection("inspection")
        if package.inspection.ownNeural, let finding = defaults(package) { return finding }
        return .holds(Witness(everything, dependencies, package.fact))
    }

    private static func changed(_ evidence: Evidence) -> Finding<Breach>? {
        for recording in evidence.recordings {
            for (fact, call) in recording.calls where call.method != Method.construct.rawValue {
                guard let name = call.changedArguments.first else { continue }
                return .breached(
                    .argumentChanged,
                    Failure(
                        "\(call.method) changed the caller's \(name)", expected: "\(name) as the caller gave it", seen: "a changed \(name)",
                        facts: [fact]))
            }
        }
        return nil
    }

    private static func defaults(_ package: (fact: Fact, inspection: Inspection)) -> Finding<Breach>? {
        func breached(_ breach: Breach, _ reason: String, _ expected: String, _ seen: String) -> Finding<Breach> {
            .breached(breach, Failure(reason, expected: expected, seen: seen, facts: [package.fact]))
        }
        let found = package.inspection.finding("resource_defaults")
        for (name, value) in defaults {
            guard let actual = found?["ResourceConfig"]?[name] else {
                return breached(.wrongDefault, "ResourceConfig(instance_type) has no \(name)", name, "nothing")
            }
            guard actual == value else {
                return breached(
                    .wrongDefault, "ResourceConfig's default of \(name) is another", PythonText.of(value), PythonText.of(actual))
            }
        }
        if found?["instance_type_required"] == .bool(false) {
            return breached(.wrongDefault, "ResourceConfig() works without an instance_type", "a TypeError", "an instance")
        }
        guard package.inspection.finding("default_sharing")?["custom_params"] == .bool(true) else { return nil }
        return breached(
            .sharedDefault, "two instances of ResourceConfig share one custom_params", "a dict of its own for each", "one dict for all")
    }
}
