import Glibc

/// The gate of a held job: a FIFO that gives nothing until it is opened, then one byte and the end.
///
/// While closed, the node keeps it open for both directions: a job's `open` succeeds and its `read` waits. Opening it puts a plain file with
/// one byte in the FIFO's place, for a job that comes late, and writes the byte to those who already wait.
struct Gate {
    private let path: String
    private let descriptor: Int32

    init(path: String) throws(FileError) {
        unlink(path)  // a job of that name may have been here before, and be forgotten
        guard mkfifo(path, 0o600) == 0 else { throw FileError("create the gate", path) }
        descriptor = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC | O_NOFOLLOW)
        guard descriptor >= 0 else { throw FileError("open the gate", path) }
        self.path = path
    }

    /// - Returns: what is left to do once more, a little later.
    func openGate() -> OpenedGate? {
        // Not by its path: the job may have put something else there, which would get the byte.
        let inode = open("/proc/self/fd/\(descriptor)", O_RDONLY | pathOnly | O_CLOEXEC)
        do throws(FileError) { try Files.replace(path, with: [Self.token]) } catch { NodeLog.write(error.description) }
        Self.writeToken(descriptor)
        close(descriptor)
        return inode >= 0 ? OpenedGate(inode: inode, pokeAt: Clock.monotonicSeconds() + OpenedGate.delaySeconds) : nil
    }

    /// The job ended with its gate closed.
    func drop() {
        close(descriptor)
        unlink(path)  // a FIFO left behind would hold whoever reads the folder
    }

    fileprivate static let token = UInt8(ascii: "\n")

    fileprivate static func writeToken(_ descriptor: Int32) {
        _ = [token].withUnsafeBytes { write(descriptor, $0.baseAddress, 1) }
    }
}

/// A job can be in the middle of its `open` of the FIFO while that is replaced, and would then wait for a writer that has gone. So whoever
/// is there a moment later gets the byte as well.
struct OpenedGate {
    fileprivate let inode: Int32
    let pokeAt: Double

    static let delaySeconds = 0.05

    func poke() {
        let descriptor = open("/proc/self/fd/\(inode)", O_WRONLY | O_NONBLOCK | O_CLOEXEC)
        close(inode)
        guard descriptor >= 0 else { return }  // nobody waits there
        Gate.writeToken(descriptor)
        close(descriptor)
    }
}

/// Linux's O_PATH, which its C headers give only with GNU extensions.
private let pathOnly: Int32 = 0o10_000_000
