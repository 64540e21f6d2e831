import Recording

/// A job that writes to both streams, then stops at its gate, then writes to both again: its logs are read in between and at the end.
enum JobLogsProbe: Probe {
    static let name = "job-logs"
    /// The words that the job writes, in this order, by their nonce's name.
    static let words = ["early stderr", "early stdout", "late stdout", "late stderr"]

    /// How many lines it writes in between, and how long each is at least: more than what is shown of a long text by habit, and more than one
    /// read of 64 KiB gives.
    static let lines = 300
    static let width = 240

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let nonces = words.map { stage.nonce($0) }
        let program = Program(
            nonce: nonces[1],
            code: """
                import sys
                print("\(nonces[0])", file=sys.stderr, flush=True)
                print(\(Program.foreignExpression), flush=True)
                print("\(nonces[1])", flush=True)

                """ + Program.gate + """
                for number in range(\(lines)):
                    print("\(nonces[2])-" + str(number) + "-" + str(number % 10) * \(width))
                print("\(nonces[2])", flush=True)
                print(\(Program.foreignExpression), file=sys.stderr, flush=True)
                print("\(nonces[3])", file=sys.stderr, flush=True)

                """)
        let id = try await stage.submit("submit", program)
        let job = Call.Argument("job_id", .string(id), positional: true)
        try await stage.waitForOutput("first words written", containing: nonces[1])
        try await stage.call("logs while it runs", .getLogs, job, mustReturn: false)
        try await stage.release(hold)
        try await stage.wait("job ended", for: .ended)
        try await stage.call("logs at the end", .getLogs, job)
        try await stage.call("logs once more", .getLogs, job)
    }
}
