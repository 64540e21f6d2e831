import Foundation
import ProcessSpawn

/// Drives a user's connector in its own Python.
///
/// One process imports the module, and each session is a fork of it: cheap, and no module's globals leak from one session to
/// another. Where a fork is not safe (after the import a thread runs, a socket, pipe or event loop is open, or a module such as `grpc`
/// is loaded), each session gets a process that imports anew. Whatever it started dies with this process.
///
///     let host = try await ConnectorHost.start(reference, interpreter: python, workingFolder: folder)
///     let session = try await host.openSession()
///     let answer = try await session.call(GuestCall("authenticate"), within: .seconds(30))
///     await host.shutdown()
public actor ConnectorHost {
    public nonisolated let reference: ConnectorReference
    public nonisolated let interpreter: PythonInterpreter
    /// True where the connector uses the user's own `neural` package, false where it uses the harness's.
    public nonisolated let usesOwnNeural: Bool
    /// True where each session is a fork, false where each is a fresh process.
    public nonisolated let forksSessions: Bool

    private let setting: GuestSetting
    /// The process that forks; where it must not, one that waits to become the next session.
    private var process: GuestProcess?
    private var processCount = 1
    private var sessionCount = 0
    private var sessions: [GuestSession] = []
    private var isShutDown = false

    private init(setting: GuestSetting, process: GuestProcess) {
        reference = setting.reference
        interpreter = setting.interpreter
        usesOwnNeural = process.loaded.ownNeural
        forksSessions = process.loaded.canFork
        self.setting = setting
        self.process = process
    }

    /// Starts Python and imports the connector.
    /// - Parameters:
    ///   - workingFolder: the current folder of the connector, in which modules and relative paths are looked for.
    ///   - importPatience: how long the import may take.
    /// - Throws: `ConnectorHostError`; `isConfiguration` tells whether the user can mend it.
    public static func start(
        _ reference: ConnectorReference, interpreter: PythonInterpreter, workingFolder: String,
        environment: [String: String] = ProcessInfo.processInfo.environment, importPatience: Duration = .seconds(60)
    ) async throws(ConnectorHostError) -> ConnectorHost {
        let folder = try RuntimeFolder.make()
        do {
            for name in ["home", "tmp"] { try RuntimeFolder.makeFolder("\(folder)/\(name)") }
            try RuntimeFolder.makeFolder("\(folder)/guest")
            let setting = GuestSetting(
                reference: reference, interpreter: interpreter, workingFolder: workingFolder, runtimeFolder: folder,
                script: try RuntimeFolder.unpackGuest(into: "\(folder)/guest"), importPatience: importPatience,
                environment: GuestSetting.environment(from: environment, home: "\(folder)/home", temporary: "\(folder)/tmp"))
            return ConnectorHost(setting: setting, process: try await GuestProcess.start(setting, number: 1))
        } catch {
            RuntimeFolder.remove(folder)
            throw error
        }
    }

    /// Starts a session: the connector's module as the import left it, and nothing of other sessions.
    /// - Parameters:
    ///   - environment: variables to set.
    ///   - without: variables to take away.
    ///   - first: a session whose folders this one shares, as two programs of one user do; nil for folders of its own.
    public func openSession(
        environment: [String: String] = [:], without: [String] = [], beside first: GuestSession? = nil
    ) async throws(ConnectorHostError) -> GuestSession {
        guard !isShutDown else { throw ConnectorHostError(.sessionEnded, "the host was shut down") }
        sessionCount += 1
        let parameters = try sessionParameters(number: sessionCount, environment: environment, without: without, beside: first)
        let listener = try UnixListener(path: parameters.socket)
        let session = try await forksSessions ? fork(parameters, listener) : become(parameters, listener)
        guard !isShutDown else {
            await session.close()
            throw ConnectorHostError(.sessionEnded, "the host was shut down")
        }
        sessions.append(session)
        return session
    }

    /// The first construction, with full credentials, in a session of its own.
    /// - Throws: `ConnectorHostError` of a configuration kind when the constructor does not take them.
    public func checkConstruction(credentials: [String: String], within patience: Duration) async throws(ConnectorHostError) {
        let session = try await openSession()
        do {
            try await session.check(credentials: credentials, within: patience)
            await close(session)
        } catch {
            await close(session)
            throw error
        }
    }

    /// Ends a session and whatever its connector started.
    public func close(_ session: GuestSession) async {
        sessions.removeAll { $0 === session }
        await session.close()
    }

    /// Ends everything, and removes what was written for it.
    public func shutdown() async {
        isShutDown = true
        for session in sessions { await session.close() }
        sessions = []
        if let process {
            process.channel.close()
            let pid = process.pid
            await blocking { ProcessTree.kill(pid) }
            _ = await process.end()
        }
        process = nil
        let folder = setting.runtimeFolder
        await blocking { RuntimeFolder.remove(folder) }
    }

    private func fork(_ parameters: SessionParameters, _ listener: UnixListener) async throws(ConnectorHostError) -> GuestSession {
        guard let process else { throw ConnectorHostError(.sessionEnded, "the host was shut down") }
        switch await process.channel.request("fork", parameters, answering: Forked.self, within: GuestProcess.connectPatience) {
        case .result(let forked):
            let channel = try await connect(listener, pid: forked.pid, parameters)
            return GuestSession(
                channel: channel, pid: forked.pid, loaded: process.loaded, parameters: parameters, ending: .child(of: process))
        case .failed(let text): throw ConnectorHostError(.guest, "the guest cannot fork: \(text)")
        case .refused(_, let message): throw ConnectorHostError(.guest, message)
        case .timedOut, .closed: throw ConnectorHostError(.guest, "the guest's process ended or stalled before a session")
        }
    }

    private func become(_ parameters: SessionParameters, _ listener: UnixListener) async throws(ConnectorHostError) -> GuestSession {
        let fresh: GuestProcess
        if let spare = process {
            process = nil
            fresh = spare
        } else {
            processCount += 1
            fresh = try await GuestProcess.start(setting, number: processCount)
        }
        fresh.channel.notify("serve", parameters)
        let channel = try await connect(listener, pid: fresh.pid, parameters)
        return GuestSession(channel: channel, pid: fresh.pid, loaded: fresh.loaded, parameters: parameters, ending: .own(fresh))
    }

    private func connect(
        _ listener: UnixListener, pid: Int32, _ parameters: SessionParameters
    ) async throws(ConnectorHostError) -> GuestChannel {
        guard let connection = await listener.accept(within: GuestProcess.connectPatience, from: pid) else {
            await blocking { ProcessTree.kill(pid) }
            throw ConnectorHostError(.guest, "a session of the guest did not start")
        }
        return GuestChannel(descriptor: connection)
    }

    private func sessionParameters(
        number: Int, environment: [String: String], without: [String], beside first: GuestSession?
    ) throws(ConnectorHostError) -> SessionParameters {
        let folder = "\(setting.runtimeFolder)/s\(number)"
        let (home, temporary) = (first?.homeFolder ?? "\(folder)/home", first?.temporaryFolder ?? "\(folder)/tmp")
        for path in first == nil ? [folder, temporary, home] : [folder] { try RuntimeFolder.makeFolder(path) }
        return SessionParameters(
            socket: "\(folder)/sock", stdout: "\(folder)/stdout", stderr: "\(folder)/stderr", tmp: temporary,
            home: home, dump: "\(folder)/dump", environment: environment, without: without)
    }
}
