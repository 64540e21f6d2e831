import ArgumentParser
import Foundation
import Harness
import JobHistory

/// The options of a platform: `serve` and `run` take the same.
struct ServeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The state folder.", valueName: "DIR")) var state = ".windtunnel"
    @Option(parsing: .unconditional, help: "The port of the API; 0 for any free one.") var port = 0
    @Option(name: .customLong("admin-port"), parsing: .unconditional, help: "The port of the administration; 0 for any free one.")
    var adminPort = 0
    @Option(help: "The token that clients give; made up when left out.") var token: String?
    @Option(
        name: .customLong("log-limit-mb"), parsing: .unconditional,
        help: ArgumentHelp("How many MiB of each of a job's two output streams are kept.", valueName: "N")) var logLimitMB = 64
    @OptionGroup var nodes: NodeOptions
    @Option(help: "The platform; only native so far.") var platform: [String] = ["native"]
    @Option(
        help: ArgumentHelp(
            "What each token may use: running-jobs=2,cpu-seconds=10,cost=1.5, or some of these.", valueName: "QUOTA"))
    var quota: String?
    @Option(help: "normal, or full: an acknowledged job survives a power cut too.") var durability = "full"
    @OptionGroup var jobs: JobOptions
    @Option(help: "auto, cold (each job's process is spawned) or warm (plain Python jobs are forks of a running interpreter).") var launcher = "auto"

    func options() throws -> Serving.Options {
        if let other = platform.first(where: { $0 != "native" }) {
            throw UsageError("--platform \(other) is unknown or not built yet; the platform that is there is 'native'")
        }
        guard let durability = JobHistory.Durability(rawValue: durability) else {
            throw UsageError("--durability is '\(durability)'; it is normal or full")
        }
        var options = Serving.Options(state: state, port: port, adminPort: adminPort, token: token, durability: durability)
        guard let launcher = Serving.Options.Launcher(rawValue: launcher) else {
            throw UsageError("--launcher is '\(launcher)'; it is \(Serving.Options.Launcher.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        options.launcher = launcher
        options.onNotice = { Failure.notice($0) }
        nodes.set(&options)
        if let quota { try options.setQuota(quota) }
        options.logLimitMB = logLimitMB
        try jobs.add(to: &options)
        return options
    }
}

struct ServeVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Be the platform on loopback, until interrupted.",
        discussion: "Example: windtunnel serve --port 8080 --slots 4")

    @OptionGroup var output: OutputOptions
    @OptionGroup var serve: ServeOptions
    @Option(help: "text or json: one line when it is ready.") var format = DataFormat.text

    func run() async throws {
        let interrupt = Interrupt()
        let platform = try await Serving.start(try serve.options())
        switch format {
        case .json: try printResult(try readyLine(platform))
        case .text:
            output.say(
                """
                windtunnel serves at \(platform.endpoint)
                  token            \(platform.token)
                  administration   \(platform.adminEndpoint)
                  state            \(platform.state)
                  stop it with Ctrl-C; 'eval "$(windtunnel env)"' points a shell at it
                """)
        }
        await interrupt.wait()
        output.say("stopping: running jobs end, queued ones stay for the next start")
        try await platform.stop()
    }

    private func readyLine(_ platform: Serving) throws -> String {
        struct Ready: Encodable {
            var ready = true
            var endpoint, token, admin_endpoint, admin_token, state: String
            var pid: Int32
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.withoutEscapingSlashes]
        let ready = Ready(
            endpoint: platform.endpoint, token: platform.token, admin_endpoint: platform.adminEndpoint,
            admin_token: platform.adminToken, state: platform.state, pid: getpid())
        return String(decoding: try encoder.encode(ready), as: UTF8.self)
    }
}
