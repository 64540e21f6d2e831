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
