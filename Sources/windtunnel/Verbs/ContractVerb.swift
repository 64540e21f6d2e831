import ArgumentParser
import Conformance
import Harness
import Reporting

struct ContractVerb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contract", abstract: "List the clauses of the contract, or explain one.",
        discussion: "Example: windtunnel contract SUB-05")

    @OptionGroup var output: OutputOptions
    @Option(help: "text or json.") var format = DataFormat.text
    @Argument(help: "A clause id, such as SUB-05.") var id: String?

    func run() throws {
        let style = Style(colour: output.colour)
        guard let id else {
            try printResult(format == .json ? ContractPages.listJSON() : ContractPages.list(style: style))
            return
        }
        guard let row = Contract.row(id.uppercased()) else {
            let nearest = Contract.rows.map(\.id).min { EditDistance.between(id, $0) < EditDistance.between(id, $1) } ?? ""
            throw UsageError("the contract has no clause '\(id)'; did you mean \(nearest)?")
        }
        try printResult(format == .json ? ContractPages.pageJSON(row) : ContractPages.page(row, style: style))
    }
}
