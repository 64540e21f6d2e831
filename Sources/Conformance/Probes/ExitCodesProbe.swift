import Recording

/// Jobs that end in every way; of each the status, then the result. The first one's result is read once more, at the beginning.
enum ExitCodesProbe: Probe {
    static let name = "exit-codes"

    enum Ending: String, CaseIterable, Sendable {
        /// Writes much, and not only ASCII; one line is indented, and the last has no line break. The others are submitted when it has ended.
        case plain
        /// Takes most of a second, so that a wrong duration shows.
        case slow
        /// Ends well, and writes nothing.
        case silent
        /// Ends well, but has written to stderr.
        case noisy
        /// Exit code 3, and nothing on stderr.
        case exit = "exit code"
        case uncaught = "uncaught exception"
        case killed = "killed by a signal"

        /// How many lines ``plain`` prints after its nonce, and how long each is at least: more than what is shown of a long text by habit,
        /// and more than one read of 64 KiB gives.
        static let lines = 300
        static let width = 240

        var endsWell: Bool { self == .slow || self == .plain || self == .silent || self == .noisy }

        func code(_ nonce: String) -> String {
            let start = "import os, sys, time\nprint(\"\(nonce)\", flush=True)\n"
            return switch self {
            case .slow: start + "time.sleep(0.8)\n"
            case .plain:
                start + "print(\(Program.foreignExpression))\nprint(\"    indented\")\nfor number in range(\(Self.lines)):\n"
                    + "    print(\"line \" + str(number) + \" \" + str(number % 10) * \(Self.width))\n"
                    + "print(\"the last line\", end=\"\")\n"
            case .silent: "word = \"\(nonce)\"\n"
            case .noisy: start + "print(\"Error: only a warning\", file=sys.stderr)\n"
            case .exit: start + "sys.exit(3)\n"
            case .uncaught: start + "raise RuntimeError(\"a planned crash\")\n"
            case .killed: start + "os.kill(os.getpid(), 9)\n"
            }
        }
    }

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        var ids: [(ending: Ending, id: String)] = []
        for ending in Ending.allCases {
            let nonce = stage.nonce(ending.rawValue)
            ids.append((ending, try await stage.submit("submit \(ending.rawValue)", Program(nonce: nonce, code: ending.code(nonce)))))
            if ending == .plain { try await readAtOnce(stage, ids[0].id) }
        }
        try await stage.waitForAll("jobs ended", for: .ended, count: ids.count)
        for (ending, id) in ids { try await stage.settle("status of \(ending.rawValue)", id) }
        for (ending, id) in ids {
            try await stage.call("result of \(ending.rawValue)", .getJobResult, Call.Argument("job_id", .string(id), positional: true))
            if ending == .silent || ending == .uncaught {
                let job = Call.Argument("job_id", .string(id), positional: true)
                try await stage.call("logs of \(ending.rawValue)", .getLogs, job, mustReturn: false)
            }
        }
    }

    static let firstResult = "result of plain at once"

    /// What is read now is read again when the slow one has ended: what still grows has grown by then.
    private static func readAtOnce(_ stage: Stage, _ id: String) async throws {
        guard try await stage.reaches("first job ended", .ended, patience: .seconds(20)) else { return }
        try await stage.call(firstResult, .getJobResult, Call.Argument("job_id", .string(id), positional: true), mustReturn: false)
    }
}
