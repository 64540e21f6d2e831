import ArgumentParser
import Conformance
import Harness
import Reporting

struct DemoVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "See it all in under 20 seconds: a real job, a good connector, a broken one.",
        discussion: "Example: windtunnel demo")

    @OptionGroup var output: OutputOptions

    func run() async throws {
        let style = Style(colour: output.colour)
        try await Interrupt().guarding {
            try await Demo.run { part in
                switch part {
                case .line(let text): try printResult(text)
                case .report(let report): try printResult("\n" + TerminalReport.render(report, style: style))
                }
            }
        }
    }
}
