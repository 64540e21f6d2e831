import ArgumentParser
import Foundation
import Harness
import JobHistory

struct HistoryVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Check, export or prune the history of a state folder.",
        discussion: "Example: windtunnel history verify --state .windtunnel", subcommands: [Verify.self, Export.self, Prune.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check the event log against its projections.",
            discussion: """
                Example: windtunnel history verify --state .windtunnel

                Feeds the whole log to the reducer again and compares each job and each account with its row. Exit code 0 they agree, 1 they differ.
                """)
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("The state folder.", valueName: "DIR")) var state = ".windtunnel"
        @Option(help: "text or json.") var format = DataFormat.text

        func run() async throws {
            let result = try StoredHistory.reading(state: state).verify()
            switch format {
            case .json:
                struct Answer: Encodable {
                    var agrees: Bool
                    var events: Int
                    var jobs: Int
                    var differences: [String]
                }
                try printResult(
                    try JSONFragment.encoded(
                        Answer(agrees: result.holds, events: result.events, jobs: result.jobs, differences: result.differences)))
            case .text:
                for difference in result.differences { try printResult(difference) }
                try printResult(
                    result.holds
                        ? "the log and the jobs agree: \(result.events) events, \(result.jobs) jobs"
                        : "the log and the jobs differ in \(result.differenceCount) places: \(result.events) events, \(result.jobs) jobs")
            }
            if !result.holds { throw ExitCode(1) }
        }
    }
}
