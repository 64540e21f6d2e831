import Glibc
import ProcessSpawn

/// One interpreter that is up already and forks spares, as children of this process: each waits for the job that it is to become.
///
/// A spare that its connection lets go of ends. So a job whose request did not get there has not begun, and can be started in another way.
final class Zygote {
    enum Answer {
        case started(SpawnedProcess)
        /// It is not forked here, and the interpreter is fit for others.
        case declined
        /// It is not forked here, and the interpreter is of no more use.
        case gone
    }

    let key: WarmKey
    private let process: SpawnedProcess
    private let socket: Int32
    private var make: InterpreterMake?
    /// Connections of spares that were asked for and not told of yet, in order.
    private var asked: [Int32] = []
    private var spares: [Spare] = []

    private struct Spare {
        let process: SpawnedProcess
        let connection: Int32
    }

    /// One becomes a job while the next is forked.
    private static let sparesWanted = 2
    /// A fork that takes longer is not waited for.
    private static let forkMillisecondsMax: Int32 = 2000
    private static let readyBytesMax = 64 * 1024
    private static let pidBytesMax = 32
    /// Room for what /proc is to show of a job: arguments and environment.
    private static let paddingBytes = 4096

    var pid: Int32 { process.pid }
    var isReady: Bool { make != nil }
    var sparePids: [Int32] { spares.map(\.process.pid) }
    /// Whether there may be a spare that is not known yet.
    var owesSpares: Bool { !asked.isEmpty }

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

    deinit {
        for connection in asked + spares.map(\.connection) + [socket] { close(connection) }
    }

    /// Looks whether it has got ready, without waiting.
    func look() {
        guard make == nil, let word = receive() else { return }
        make = InterpreterMake(ready: word)
        askForSpares()
    }

    /// Makes a spare the job's process.
    func fork(_ request: WarmRequest) -> Answer {
        guard let make, make.isStill() else { return .gone }
        guard let message = request.message(for: make.environment) else { return .declined }
        takeSpares()
        while true {
            askForSpares()
            if spares.isEmpty, !awaitSpare() { return .gone }
            guard let spare = spares.first else { continue }
            let failure = sendMessage(message, attaching: request.descriptors, to: spare.connection)
            if [EMSGSIZE, ENOBUFS, ETOOMANYREFS, EMFILE].contains(failure) { return .declined }
            spares.removeFirst()
            close(spare.connection)
            guard failure == 0 else { continue }  // that one has died
            askForSpares()
            return .started(spare.process)
        }
    }

    /// Whether that child is a spare. One that has just been forked is waited for.
    func hasSpare(_ pid: Int32) -> Bool {
        takeSpares()
        while !sparePids.contains(pid) {
            guard awaitSpare() else { return false }
        }
        return true
    }

    /// That child has ended.
    func forget(spare pid: Int32) {
        guard let place = spares.firstIndex(where: { $0.process.pid == pid }) else { return }
        close(spares.remove(at: place).connection)
    }

    private func askForSpares() {
        while asked.count + spares.count < Self.sparesWanted {
            guard let (near, far) = openMessagePair() else { return }
            defer { close(far) }
            guard sendMessage([1], attaching: [far], to: socket) == 0 else {
                close(near)
                return
            }
            asked.append(near)
        }
    }

    /// Waits for word of one that was asked for.
    /// - Returns: false when none is to come.
    private func awaitSpare() -> Bool {
        guard !asked.isEmpty else { return false }
        var interest = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
        return poll(&interest, 1, Self.forkMillisecondsMax) > 0 && takeSpare()
    }

    private func takeSpares() { while !asked.isEmpty, takeSpare() {} }

    /// - Returns: whether there was word of one, even if that could not be forked.
    private func takeSpare() -> Bool {
        guard let word = receive(), !word.isEmpty else { return false }
        let connection = asked.removeFirst()
        if let pid = Int32(String(decoding: word, as: UTF8.self)), pid > 0, let child = SpawnedProcess(child: pid) {
            spares.append(Spare(process: child, connection: connection))
        } else {
            close(connection)
        }
        return true
    }

    /// One message; empty at the end of the connection, nil when there is none now.
    private func receive() -> [UInt8]? {
        var buffer = [UInt8](repeating: 0, count: isReady ? Self.pidBytesMax : Self.readyBytesMax)
        let count = recv(socket, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return count >= 0 ? Array(buffer[..<count]) : nil
    }
}
