import ArgumentParser
import Foundation
import Harness
import Reporting

struct JobsVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "jobs", abstract: "Look at the jobs of a live server or of a state folder.",
        discussion: "Example: windtunnel jobs list --status failed",
        subcommands: [List.self, Show.self, Logs.self, Cancel.self])

    struct Place: ParsableArguments {
        @Option(help: ArgumentHelp("A state folder, or the server that runs on it.", valueName: "DIR")) var state: String?
        @Option(help: ArgumentHelp("A live server.", valueName: "URL")) var endpoint: String?
        @Option(help: "Its token; else WINDTUNNEL_TOKEN.") var token: String?

        /// What is named wins; else the server of the environment; else the state folder here.
        func source() throws -> JobSource {
            guard state == nil || endpoint == nil else { throw UsageError("--state and --endpoint name two places: give one of them") }
            let environment = ProcessInfo.processInfo.environment
            let ambient = state == nil ? environment["WINDTUNNEL_ENDPOINT"] : nil
            return try JobSource.open(
                state: state ?? ".windtunnel", endpoint: endpoint ?? ambient, token: token ?? environment["WINDTUNNEL_TOKEN"])
        }
    }

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "The newest jobs first.", discussion: "Example: windtunnel jobs list --limit 20")
        @OptionGroup var output: OutputOptions
        @OptionGroup var place: Place
        @Option(help: "text or json.") var format = DataFormat.text
        @Option(parsing: .unconditional, help: "How many at most.") var limit = 10
        @Option(help: "Only those: pending, running, succeeded, failed or cancelled.") var status: String?
        @Option(help: "Only those of that name.") var name: String?

        func run() async throws {
            guard limit >= 1 else { throw UsageError("--limit is \(limit); it must be 1 or more") }
            let jobs = try await place.source().list(limit: limit, status: status, name: name)
            switch format {
            case .json: try printResult(try JSONFragment.encoded(jobs.map(\.json)))
            case .text: try printResult(JobTable.list(jobs, colour: output.colour))
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Everything about one job.", discussion: "Example: windtunnel jobs show job-1f0c2a44e0b84d55")
        @OptionGroup var output: OutputOptions
        @OptionGroup var place: Place
        @Option(help: "text or json.") var format = DataFormat.text
        @Argument(help: "Its id.") var id: String

        func run() async throws {
            let job = try await place.source().job(id)
            switch format {
            case .json: try printResult(try JSONFragment.encoded(job.json))
            case .text: try printResult(JobTable.one(job, colour: output.colour))
            }
        }
    }

    struct Logs: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "What a job wrote.", discussion: "Example: windtunnel jobs logs job-1f0c2a44e0b84d55 --stream stderr")
        @OptionGroup var output: OutputOptions
        @OptionGroup var place: Place
        @Option(help: "combined, stdout or stderr.") var stream = "combined"
        @Flag(help: "Go on with what comes, until the job has ended.") var follow = false
        @Argument(help: "Its id.") var id: String

        func run() async throws {
            let source = try place.source()
            guard follow else {
                try Descriptor.output.write(Array(try await source.logs(id, stream: stream)))
                return
            }
            do {
                try await source.follow(id, stream: stream) { part in
                    guard try Descriptor.output.send(part) else { throw ReaderIsGone() }
                }
            } catch is ReaderIsGone {
                // As `| head`: it has what it wanted.
            }
        }

        private struct ReaderIsGone: Error {}
    }

    struct Cancel: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "End a job of a live server.", discussion: "Example: windtunnel jobs cancel job-1f0c2a44e0b84d55")
        @OptionGroup var output: OutputOptions
        @OptionGroup var place: Place
        @Option(help: "text or json.") var format = DataFormat.text
        @Argument(help: "Its id.") var id: String

        func run() async throws {
            let cancelled = try await place.source().cancel(id)
            switch format {
            case .json: try printResult("{\"cancelled\": \(cancelled)}")
            case .text: try printResult(cancelled ? "\(id) is being cancelled" : "\(id) had ended")
            }
        }
    }
}
