/// A job's code, written by the harness: plain Python 3 that any platform can run.
public struct Program: Sendable, Hashable {
    /// A word that occurs nowhere else, found again in the output and by the oracle.
    public let nonce: String
    public let code: String

    public init(nonce: String, code: String) {
        self.nonce = nonce
        self.code = code
    }

    /// Prints its nonce and ends.
    public static func printing(_ nonce: String) -> Program {
        Program(nonce: nonce, code: "print(\"\(nonce)\")\n")
    }

    /// Prints its nonce and exits with `code`.
    public static func exiting(_ nonce: String, code: Int) -> Program {
        Program(nonce: nonce, code: "import sys\nprint(\"\(nonce)\", flush=True)\nsys.exit(\(code))\n")
    }

    /// Prints its nonce to both streams, then waits at the gate and ends.
    public static func speaking(_ nonce: String) -> Program {
        Program(nonce: nonce, code: "import sys\nprint(\"\(nonce)\", file=sys.stderr, flush=True)\nprint(\"\(nonce)\", flush=True)\n\(gate)")
    }

    /// Leaves metrics and an artifact where the platform says, if it does, prints its nonce and ends.
    public static func producing(_ nonce: String) -> Program {
        Program(
            nonce: nonce,
            code: """
                import os
                if os.environ.get("WINDTUNNEL_METRICS_FILE"):
                    with open(os.environ["WINDTUNNEL_METRICS_FILE"], "a") as file:
                        file.write(str(dict(\(metric)=0.25)).replace(chr(39), chr(34)) + chr(10))
                if os.environ.get("WINDTUNNEL_ARTIFACTS_DIR"):
                    with open(os.path.join(os.environ["WINDTUNNEL_ARTIFACTS_DIR"], "\(product)"), "w") as file:
                        file.write("\(nonce)")
                print("\(nonce)")

                """)
    }

    /// The metric and the artifact of ``producing(_:)``.
    static let metric = "wt_loss"
    static let product = "wt-kept.txt"

    /// A word that is easily garbled where text is not UTF-8 all the way, and the Python that makes it: plain ASCII, so that only what comes
    /// back is put to the test.
    static let foreign = "gr\u{FC}\u{DF}e-\u{6F22}\u{5B57}-\u{1F680}"
    static let foreignExpression = "chr(103) + chr(114) + chr(252) + chr(223) + chr(101) + chr(45) + chr(28450) + chr(23383) + chr(45) + chr(128640)"

    /// Waits at the gate, where a hold at `running` made one, then runs `body`.
    public static func gated(_ nonce: String, then body: String = "") -> Program {
        Program(nonce: nonce, code: "\(gate)print(\"\(nonce)\", flush=True)\n\(body)")
    }

    /// The lines that wait at the gate; nothing happens where there is none.
    public static let gate = """
        import os
        gate = os.environ.get("WINDTUNNEL_GATE")
        if gate:
            open(gate).read(1)

        """
}
