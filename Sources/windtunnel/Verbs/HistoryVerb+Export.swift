import ArgumentParser
import Harness
import Reporting

extension HistoryVerb {
    struct Export: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Export jobs or events as JSON lines or CSV.",
            discussion: """
                Example: windtunnel history export --format csv --output jobs.csv

                Oldest first, of every tenant, also beside a live server. Never a submission's code or environment.
                """)
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("The state folder.", valueName: "DIR")) var state = ".windtunnel"
        @Option(help: "json (an object a line) or csv.") var format = HistoryExport.Format.json
        @Flag(help: "The event log instead of the jobs.") var events = false
        @Option(help: "Only jobs that are pending, running, succeeded, failed or cancelled.") var status: String?
        @Option(help: ArgumentHelp("Only what was submitted, or happened, then or later: 2026-01-31, 2026-01-31T12:00:00Z, or an age such as 7d.", valueName: "WHEN"))
        var since: String?
        @Option(help: ArgumentHelp("Only what was submitted, or happened, before that.", valueName: "WHEN")) var until: String?
        @Option(name: .customLong("output"), help: ArgumentHelp("A file for it, which appears once it is whole; else standard output.", valueName: "FILE"))
        var outputFile: String?

        func run() async throws {
            if events, status != nil { throw UsageError("--status is of jobs; leave it out with --events") }
            let export = HistoryExport(
                try StoredHistory.reading(state: state), events ? .events : .jobs(status: try HistoryExport.status(status)), format: format,
                since: try since.map { try MomentText.parse($0, of: "--since") },
                until: try until.map { try MomentText.parse($0, of: "--until") })
            let line = ProgressLine(isLive: output.isLive, style: Style(colour: output.colour, width: 80))
            defer { LiveLine.show(line.end()) }
            func show(_ done: Int, _ total: Int) { LiveLine.show(line.text(probe: events ? "events" : "jobs", done: done, of: total)) }
            guard let outputFile else {
                try await export.write(to: { try Descriptor.output.send($0) }, progress: show)
                return
            }
            let count = try await Interrupt().guarding {
                try await AtomicFile.with(outputFile, option: "--output") { file in
                    try await export.write(
                        to: { bytes in
                            try file.write(bytes)
                            return true
                        }, progress: show)
                }
            }
            output.say("\(count) \(events ? "events" : "jobs") in \(outputFile)")
        }
    }
}

extension HistoryExport.Format: ExpressibleByArgument {}
