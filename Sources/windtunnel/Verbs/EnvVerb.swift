import ArgumentParser
import Harness

struct EnvVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "env", abstract: "Print the environment that points at a server already up, as export lines.",
        discussion: "Example: eval \"$(windtunnel env)\"")

    @OptionGroup var output: OutputOptions
    @Option(help: ArgumentHelp("The state folder of the server.", valueName: "DIR")) var state = ".windtunnel"
    @Option(help: "text or json.") var format = DataFormat.text

    func run() throws {
        guard let variables = try Serving.variables(stateFolder: state) else {
            throw UsageError("no server runs on the state folder \(state); start one with 'windtunnel serve --state \(state)'")
        }
        switch format {
        case .json: try printResult(try JSONFragment.encoded(Dictionary(uniqueKeysWithValues: variables.map { ($0.name, $0.value) })))
        case .text: try printResult(variables.map { "export \($0.name)=\(ShellWord.quoted($0.value))" }.joined(separator: "\n"))
        }
    }
}
