import ArgumentParser
import Harness

/// What jobs find where they run: `serve` and `run` take the same.
struct JobOptions: ParsableArguments {
    @Option(help: ArgumentHelp("A folder of Python wheels: where the packages come from that jobs depend on.", valueName: "DIR"))
    var wheels: String?
    @Option(help: ArgumentHelp("A package index to ask as well; without it the network is never asked for packages.", valueName: "URL"))
    var index: String?
    @Option(
        name: .customLong("missing-dependencies"),
        help: "reject: refuse a job whose packages cannot be had; fail: take it, and let it fail with the reason.")
    var missingDependencies = "reject"
    @Flag(help: "Run jobs under bubblewrap: no network, a read-only system, a /tmp and processes of their own.") var sandbox = false

    func add(to options: inout Serving.Options) throws {
        options.packages = try PackageOptions(wheels: wheels, index: index, missing: missingDependencies)
        options.isSandboxed = sandbox
    }
}
