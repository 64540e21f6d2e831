import Recording

/// A job whose process has left a daemon behind, which ignores TERM and lives in a session of its own, is cancelled.
enum CancelTreeProbe: Probe {
    static let name = "cancel-tree"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let hold = try await stage.hold(.running)
        let id = try await stage.submit("submit", tree(stage.nonce("job")))
        let job = try await stage.waitForOutput("tree stands", containing: stage.nonce("job"))
        try await stage.processes("alive before", of: job)
        try await stage.call("cancel", .cancelJob, Call.Argument("job_id", .string(id), positional: true))

        // The platform kills what is left only after a grace period; it tells the end when nothing is left.
        try await stage.reaches("after the cancellation", .ended, patience: .seconds(6))
        try await stage.processes("alive after", of: job)
        try await stage.release(hold)
    }

    /// Double-forks with a new session, as daemons do, prints its nonce when the daemon lives, then waits at the gate.
    private static func tree(_ nonce: String) -> Program {
        Program(
            nonce: nonce,
            code: """
                import os, signal, time
                reader, writer = os.pipe()
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() > 0:
                        os._exit(0)
                    signal.signal(signal.SIGTERM, signal.SIG_IGN)
                    os.write(writer, b"1")
                    time.sleep(300)
                    os._exit(0)
                os.wait()
                os.read(reader, 1)
                print("\(nonce)", flush=True)

                """ + Program.gate)
    }
}
