import Glibc
import ProcessSpawn

/// The program of `windtunnel node`: owns job processes, launches, measures and reaps them, and outlives a crash of the engine.
///
/// One thread and one `poll` loop, without Foundation or Swift concurrency: the smaller it is, the smaller the peak memory that its jobs
/// inherit as their least measurable one.
public enum NodeMain {
    /// Serves until it is stopped (by the engine, or by TERM or INT), or idle for long without an engine.
    /// - Parameter arguments: what follows `node` on the command line: `--folder DIR --name NAME --socket PATH`, optionally `--jobs DIR`,
    ///   `--ready-fd N` (gets one byte once the node listens), `--idle-seconds N` and `--accounting auto|cgroup|wait4`.
    ///   Or `in-sandbox PROGRAM ARGUMENT…`: the first process of a job's sandbox.
    /// - Returns: the exit code: 0, or 2 with a line on standard error.
    public static func run(arguments: [String]) -> Int32 {
        if arguments.first == SandboxedMain.argument { return SandboxedMain.run(Array(arguments.dropFirst())) }
        signal(SIGPIPE, SIG_IGN)
        do throws(NodeStartError) {
            try serve(try NodeOptions(arguments: arguments))
            return 0
        } catch {
            NodeLog.write(error.description)
            return 2
        }
    }

    private static func serve(_ options: NodeOptions) throws(NodeStartError) {
        do throws(FileError) {
            let folder = try NodeFolder(path: options.folder, jobs: options.jobs)
            guard let lock = try folder.takeLock() else { throw FileError("serve, as another node does so already,", folder.path, EBUSY) }
            defer { NodeFolder.release(lock) }
            try folder.sign(lock)
            guard becomeSubreaper() else { throw FileError("inherit orphans of", folder.path) }
            let signals = openSignalDescriptor()
            guard signals >= 0 else { throw FileError("watch the jobs of", folder.path) }
            let listener = try SocketAddress.listen(on: options.socket)
            try Files.replace(folder.socketNote, with: Array(options.socket.utf8))
            let loop = try NodeLoop(options: options, folder: folder, signals: signals, listener: listener)
            dropStartupMemory()
            tellReady(options.readyDescriptor)
            loop.run()
            // In this order: whoever finds no note waits for the lock, and then finds neither.
            unlink(folder.socketNote)
            SocketAddress.remove(options.socket)
        } catch {
            throw NodeStartError(description: error.description)
        }
    }

    private static func tellReady(_ descriptor: Int32?) {
        guard let descriptor else { return }
        _ = [UInt8(ascii: "\n")].withUnsafeBytes { write(descriptor, $0.baseAddress, 1) }
        close(descriptor)
    }
}

/// Why a node did not start.
struct NodeStartError: Error, CustomStringConvertible {
    var description: String
}

/// What the node says goes to its standard error, which is its log file.
enum NodeLog {
    static func write(_ message: String) {
        let line = Array("windtunnel node: \(message)\n".utf8)
        _ = line.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
