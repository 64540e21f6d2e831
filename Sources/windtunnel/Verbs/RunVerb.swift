import ArgumentParser
import Harness

struct RunVerb: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Start the platform, run a command that it points at it, stop.",
        discussion: """
            Example: windtunnel run -- pytest tests/

            The command finds WINDTUNNEL_ENDPOINT and WINDTUNNEL_TOKEN in its environment. The exit code is the command's.
            """)

    @OptionGroup var output: OutputOptions
    @OptionGroup var serve: ServeOptions
    @Argument(parsing: .postTerminator, help: "The command and its arguments, after --.") var command: [String] = []

    func run() async throws {
        guard !command.isEmpty else { throw UsageError("no command was given; write it after --, such as: windtunnel run -- pytest") }
        // The command decides what a signal means to it; the platform stops after it.
        let interrupt = Interrupt()
        let platform = try await Serving.start(try serve.options())
        let code: Int32
        do {
            code = try await ChildCommand.run(command, setting: platform.variables, passing: interrupt.signals)
        } catch {
            try await platform.stop()
            throw error
        }
        try await platform.stop()
        if code != 0 { throw ExitCode(code) }
    }
}
