import Glibc
import ProcessSpawn

/// One interpreter that is up already and forks a process per job, as a child of this process.
///
/// A forked process says its number on the connection before it becomes the job, and ends where nobody listens any more. So a job whose
/// start was not heard of has not begun, and can be started in another way.
final class Zygote {
    enum Answer {
        case started(SpawnedProcess)
        /// It is not forked here, and the interpreter is fit for others.
        case declined
        /// It is not forked here, and the interpreter is gone.
        case gone
    }

    let key: WarmKey
    private let process: SpawnedProcess
    private let socket: Int32
    private(set) var isReady = false

    /// A fork that takes longer is not waited for.
    private static let forkMillisecondsMax: Int32 = 2000
    private static let messageBytesMax = 256
    /// Room for what /proc is to show of a job: arguments and environment.
    private static let paddingBytes = 4096

    var pid: Int32 { process.pid }

    /// Starts it; it is ready a little later.
    init(_ request: WarmRequest, folder: NodeFolder) throws(FileError) {
        key = request.key
        let script = folder.path + "/zygote.py"
        try Files.replace(script, with: Array("\(ZygoteSource.text)\n".utf8))
        guard let (near, far) = openMessagePair() else { throw FileError("connect to an interpreter for", folder.path) }
        defer { close(far) }
        let log = StandardStream.file(path: folder.path + "/zygote.log", append: true)
        let padding = String(repeating: "x", count: Self.paddingBytes)
        // A home that is none: nobody's own packages are to be found at the start.
        let environment = [("HOME", "/nonexistent")] + request.surroundings + [("WINDTUNNEL_ZYGOTE", padding + padding)]
        do throws(SpawnError) {
            process = try spawn(
                SpawnRequest(
                    executable: request.key.executable, arguments: ["-u", script, padding], environment: environment,
                    workingDirectory: folder.path, standardOutput: log, standardError: log, inherited: [(from: far, to: 3)],
                    newSession: true, diesWithParent: true))
        } catch {
            close(near)
            throw FileError(spawn: error)
        }
        socket = near
    }

    deinit { close(socket) }

    /// Looks whether it has got ready, without waiting.
    func look() { if !isReady { isReady = receive() == Array("ready".utf8) } }

    func fork(_ request: WarmRequest) -> Answer {
        switch sendMessage(request.bytes, attaching: request.descriptors, to: socket) {
        case 0: break
        case EMSGSIZE, ENOBUFS, ETOOMANYREFS: return .declined
        default: return giveUp()
        }
        var interest = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        guard poll(&interest, 1, Self.forkMillisecondsMax) > 0, let word = receive(), !word.isEmpty else { return giveUp() }
        return answer(word) ?? .declined
    }

    private func answer(_ word: [UInt8]) -> Answer? {
        guard let pid = Int32(String(decoding: word, as: UTF8.self)), let child = SpawnedProcess(child: pid) else { return nil }
        return .started(child)
    }

    /// Ends it, and makes sure that no process forked by it becomes a job unheard of.
    private func giveUp() -> Answer {
        process.send(signal: SIGKILL)
        shutdown(socket, Int32(SHUT_RD))
        return receive().flatMap { answer($0) } ?? .gone
    }

    /// One message; empty at the end of the connection, nil when there is none now.
    private func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: Self.messageBytesMax)
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count >= 0 ? Array(buffer[..<count]) : nil
    }
}
