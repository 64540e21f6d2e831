import ArgumentParser
import Dispatch
import Foundation
import JobExecution

@main
enum Main {
    /// The node is looked for first: it owns job processes and stays small, so nothing of the command line may wake up in it.
    static func main() {
        let arguments = Array(CommandLine.arguments.dropFirst())
        if arguments.first == "node", !NodeVerb.isAskedForHelp(arguments.dropFirst()) {
            exit(NodeMain.run(arguments: Array(arguments.dropFirst())))
        }
        GlobalExecutor.install()
        signal(SIGPIPE, SIG_IGN)
        Descriptor.openClosedOnes()
        Task.detached { exit(await run(arguments)) }
        dispatchMain()
    }

    private static func run(_ arguments: [String]) async -> Int32 {
        if let refusal = Unbuilt.refusal(arguments) { return Failure.usage(refusal) }
        do {
            // Of a node, only one that is asked for help comes here, and its other options are not this parser's.
            let isNode = arguments.first == "node"
            var command = try WindtunnelCommand.parseAsRoot(isNode ? ["node", "--help"] : arguments)
            if var verb = command as? any AsyncParsableCommand { try await verb.run() } else { try command.run() }
            return 0
        } catch {
            return Failure.report(error, arguments)
        }
    }
}

struct WindtunnelCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "windtunnel",
        abstract: "A fake ML platform on loopback, and a judge for connectors to ML platforms.",
        discussion: """
            windtunnel check acme.py:AcmeConnector    judge a connector
            windtunnel serve                          be the platform until interrupted
            windtunnel demo                           see it all in under 20 seconds
            """,
        version: "0.1.0",
        subcommands: [
            DemoVerb.self, CheckVerb.self, ServeVerb.self, RunVerb.self, EnvVerb.self, JobsVerb.self, HistoryVerb.self,
            ContractVerb.self, NodeVerb.self,
        ])
}

/// Listed so that `--help` names it; ``Main`` answers all else of it before the command line wakes up.
struct NodeVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "node", abstract: "Internal: the process that owns job processes. The server starts it.",
        usage: "windtunnel node --folder <DIR> --name <NAME> --socket <PATH>",
        discussion: "Example: windtunnel node --folder DIR --name node-1 --socket PATH")

    /// Reads its options no further: what a sandboxed job is started with is the job's own.
    static func isAskedForHelp(_ options: ArraySlice<String>) -> Bool {
        options.first?.hasPrefix("-") == true && options.contains { $0 == "--help" || $0 == "-h" }
    }
}
