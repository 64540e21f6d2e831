import ArgumentParser
import Harness
import Reporting

extension HistoryVerb {
    struct Prune: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove old jobs, with their events and folders.",
            discussion: """
                Example: windtunnel history prune --older-than 30d --dry-run

                Refused while a server has the folder. Usage totals keep counting what was removed.
                """)
        @OptionGroup var output: OutputOptions
        @Option(help: ArgumentHelp("The state folder.", valueName: "DIR")) var state = ".windtunnel"
        @Option(parsing: .unconditional, help: ArgumentHelp("Jobs that ended longer ago: 30d, 12h, 90m.", valueName: "AGE")) var olderThan: String
        @Flag(help: "Only say what would be removed.") var dryRun = false
        @Option(help: "text or json.") var format = DataFormat.text

        func run() async throws {
            let prune = HistoryPrune(state: state, olderThan: try DurationText.parse(olderThan, of: "--older-than"))
            let line = ProgressLine(isLive: output.isLive, style: Style(colour: output.colour, width: 80))
            defer { LiveLine.show(line.end()) }
            let outcome = try prune.run(isRehearsal: dryRun) { done, total in
                LiveLine.show(line.text(probe: "events", done: done, of: total))
            }
            LiveLine.show(line.end())
            switch format {
            case .json: try printResult(try JSONFragment.encoded(outcome))
            case .text: try printResult(outcome.lines.joined(separator: "\n"))
            }
        }
    }
}

extension HistoryPrune.Outcome {
    fileprivate var lines: [String] {
        let what = "\(count(jobs, "job")) that ended before \(endedBefore), \(count(events, "event")), "
            + "\(count(folders, "folder")) with \(count(folderBytes, "byte"))"
        var lines = [isRehearsal ? "would remove \(what)" : "removed \(what); the database is \(count(databaseBytes, "byte")) smaller"]
        if kept > 0 {
            lines.append("\(count(kept, "more job")) ended before that and stay for now: the log can only be cut before their ends were told")
        }
        if foldersLeft > 0 {
            lines.append("\(count(foldersLeft, "folder")) could not be removed (\(reason ?? "")); the next prune tries again")
        }
        return lines
    }
}

private func count(_ number: some BinaryInteger, _ noun: String) -> String { "\(number) \(noun)\(number == 1 ? "" : "s")" }
