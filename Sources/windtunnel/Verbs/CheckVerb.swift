import ArgumentParser
import Conformance
import Foundation
import Harness
import Reporting

struct CheckVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "check", abstract: "Run the conformance suite on a connector.",
        discussion: """
            Example: windtunnel check acme.py:AcmeConnector --only SUB,CAN-02

            Credentials are filled from the platform: {endpoint} {token} {host} {port}; by default api_key={token} and
            endpoint={endpoint}. Exit code 0 it holds, 1 a clause failed, 2 usage or configuration, 3 could not measure.
            """)

    @OptionGroup var output: OutputOptions
    @Argument(help: "module:Class or path/file.py:Class.") var connector: String?
    @Option(help: "The platform; only native so far.") var platform: String = "native"
    @Option(help: ArgumentHelp("A credential that the connector reads (repeatable).", valueName: "KEY=VALUE"))
    var credential: [String] = []
    @Option(help: ArgumentHelp("The connector's Python.", valueName: "PATH")) var python: String?
    @Option(help: ArgumentHelp("Only these clauses or families, separated by commas.", valueName: "ID,…")) var only: String?
    @Option(help: ArgumentHelp("Leave these out.", valueName: "ID,…")) var skip: String?
    @Option(help: "The lightest level that is judged: must, should or info.") var level: String?
    @Flag(help: "A SHOULD that does not hold counts as a failure.") var strict = false
    @Option(help: "Keys every draw.") var seed: UInt64?
    @Option(parsing: .unconditional, help: "How many probes run at once.") var jobs: Int?
    @Option(help: ArgumentHelp("The longest that one call may take, such as 30s.", valueName: "DUR")) var timeout: String?
    @Option(help: "text or json.") var format = DataFormat.text
    @Flag(help: "Show every clause, also those that pass.") var verbose = false
    @Option(name: [.customLong("output")], help: ArgumentHelp("Write the report there.", valueName: "FILE")) var outputFile: String?
    @Option(help: ArgumentHelp("Save what was seen.", valueName: "FILE")) var record: String?
    @Option(help: ArgumentHelp("Judge a saved recording again; nothing is run.", valueName: "FILE")) var judge: String?

    func run() async throws {
        if let outputFile { try FileOutput.check(outputFile, option: "--output") }
        if let record { try FileOutput.check(record, option: "--record") }
        let seen: CheckRecord
        if let judge {
            guard record == nil else { throw UsageError("--judge reads a recording, --record writes one: give one of them") }
            var saved = try RecordingFile.read(judge)
            if let connector, connector != saved.connector {
                throw UsageError("\(judge) is a recording of \(saved.connector), not of \(connector); name that one, or none")
            }
            if only != nil || skip != nil || level != nil {
                saved.selection = try Selection.parsed(only: try ids(only, "--only"), skip: try ids(skip, "--skip"), level: try parsedLevel())
            }
            seen = saved
        } else {
            seen = try await check()
        }
        let report = seen.report()
        if let record { try RecordingFile.write(seen, to: record) }
        let text =
            switch format {
            case .json: JSONReport.encode(report)
            case .text:
                TerminalReport.render(report, style: Style(colour: output.colour && outputFile == nil, verbose: verbose))
            }
        if let outputFile { try FileOutput.write(text, to: outputFile, option: "--output") } else { try printResult(text) }
        if report.exitCode != 0 { throw ExitCode(report.exitCode) }
    }

    private func check() async throws -> CheckRecord {
        let options = try options()
        let line = ProgressLine(isLive: output.isLive, style: Style(colour: output.colour, width: 80))
        defer { LiveLine.show(line.end()) }
        return try await Interrupt().guarding {
            try await Check.run(options) { probe, done, total in LiveLine.show(line.text(probe: probe, done: done, of: total)) }
        }
    }

    private func options() throws -> CheckOptions {
        guard platform == "native" else {
            throw UsageError("--platform \(platform) is unknown or not built yet; the platform that is there is 'native'")
        }
        let file = try ProjectFile.read(in: FileManager.default.currentDirectoryPath)
        guard let connector = connector ?? file?.connector else {
            throw UsageError("no connector is named; give module:Class or path/file.py:Class, or put 'connector:' in \(ProjectFile.name)")
        }
        if let jobs, jobs < 1 { throw UsageError("--jobs is \(jobs); it must be 1 or more") }
        var options = CheckOptions(connector: connector)
        options.python = python
        options.credentials = try credential.map(CredentialTemplate.parse)
        options.only = try ids(only, "--only")
        options.skip = try ids(skip, "--skip")
        options.level = try parsedLevel()
        options.strict = strict ? true : nil
        options.seed = seed
        options.jobs = jobs
        options.timeout = try timeout.map { try DurationText.parse($0, of: "--timeout") }
        return options.filled(from: file)
    }

    private func ids(_ list: String?, _ option: String) throws -> [String]? {
        guard let list else { return nil }
        let ids = list.split(separator: ",").map { String($0).trimmingCharacters(in: .whitespaces) }
        guard !ids.isEmpty else { throw UsageError("\(option) names no clause; give ids or families, such as SUB,STA-03") }
        return ids
    }

    private func parsedLevel() throws -> Contract.Level? {
        guard let level else { return nil }
        guard let parsed = Contract.Level(rawValue: level.uppercased()) else {
            throw UsageError("--level is '\(level)'; it is one of must, should, info")
        }
        return parsed
    }
}
