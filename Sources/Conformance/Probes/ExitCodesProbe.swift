import Recording

/// Jobs that end in every way; of each the status, then the result.
enum ExitCodesProbe: Probe {
    static let name = "exit-codes"

    enum Ending: String, CaseIterable, Sendable {
        /// Takes most of a second, so that a wrong duration shows.
        case slow
        case plain
        /// Ends well, but has written to stderr.
        case noisy
        /// Exit code 3, and nothing on stderr.
        case exit = "exit code"
        case uncaught = "uncaught exception"
        case killed = "killed by a signal"

        /// How many lines ``plain`` prints after its nonce: more than what is shown of a long text by habit.
        static let lines = 300

        var endsWell: Bool { self == .slow || self == .plain || self == .noisy }

        func code(_ nonce: String) -> String {
            let start = "import os, sys, time\nprint(\"\(nonce)\", flush=True)\n"
            return switch self {
            case .slow: start + "time.sleep(0.8)\n"
            case .plain: start + "for number in range(\(Self.lines)):\n    print(\"line \" + str(number))\n"
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
        }
        try await stage.waitForAll("jobs ended", for: .ended, count: ids.count)
        for (ending, id) in ids { try await stage.settle("status of \(ending.rawValue)", id) }
        for (ending, id) in ids {
            try await stage.call("result of \(ending.rawValue)", .getJobResult, Call.Argument("job_id", .string(id), positional: true))
        }
    }
}
