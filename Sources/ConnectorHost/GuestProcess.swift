import Foundation
import ProcessSpawn
import Synchronization

/// A Python process that this one started. It has imported the connector, and either forks sessions or becomes one.
final class GuestProcess: Sendable {
    static let connectPatience = Duration.seconds(30)

    let channel: GuestChannel
    let loaded: Loaded
    let dump: String
    private let process: SpawnedProcess
    private let ending: Ending

    var pid: Int32 { process.pid }

    private init(channel: GuestChannel, loaded: Loaded, dump: String, process: SpawnedProcess, ending: Ending) {
        self.channel = channel
        self.loaded = loaded
        self.dump = dump
        self.process = process
        self.ending = ending
    }

    /// How it ended, waiting for that.
    func end() async -> ExitReport? { await ending.report() }

    /// Starts Python and lets it import the connector.
    /// - Throws: `ConnectorHostError`, of a configuration kind where the connector is to blame.
    static func start(_ setting: GuestSetting, number: Int) async throws(ConnectorHostError) -> GuestProcess {
        let prefix = "\(setting.runtimeFolder)/h\(number)"
        let listener = try UnixListener(path: "\(prefix).sock")
        let process: SpawnedProcess
        do {
            process = try spawn(
                SpawnRequest(
                    executable: setting.interpreter.executable, arguments: [setting.script, listener.path],
                    environment: setting.environment, workingDirectory: setting.workingFolder,
                    standardOutput: .file(path: "\(prefix).out", append: false),
                    standardError: .file(path: "\(prefix).err", append: false), newSession: true, diesWithParent: true))
        } catch {
            throw ConnectorHostError(.guest, "cannot start \(setting.interpreter.executable): \(error)")
        }
        let ending = Ending(process)
        guard let connection = await listener.accept(within: connectPatience, from: process.pid) else {
            ProcessTree.kill(process.pid)
            throw ConnectorHostError(.guest, "the guest did not start\(lastLine(of: "\(prefix).err"))")
        }
        let channel = GuestChannel(descriptor: connection)
        do {
            let loaded = try await load(setting, through: channel, of: process, dump: "\(prefix).dump")
            return GuestProcess(channel: channel, loaded: loaded, dump: "\(prefix).dump", process: process, ending: ending)
        } catch {
            channel.close()
            ProcessTree.kill(process.pid)
            throw error
        }
    }

    private static func load(
        _ setting: GuestSetting, through channel: GuestChannel, of process: SpawnedProcess, dump: String
    ) async throws(ConnectorHostError) -> Loaded {
        var parameters = LoadParameters(
            signal: HangAutopsy.signal, dump: dump, folder: setting.workingFolder, class: setting.reference.className)
        switch setting.reference.source {
        case .file(let path): parameters.file = path
        case .module(let name): parameters.module = name
        }
        let place = "\(setting.reference)"
        switch await channel.request("load", parameters, answering: Loaded.self, within: setting.importPatience) {
        case .result(let loaded): return loaded
        case .refused(let kind, let message): throw ConnectorHostError(.init(rawValue: kind) ?? .importError, message)
        case .failed(let text): throw ConnectorHostError(.guest, "the guest failed while it loaded \(place): \(text)")
        case .closed: throw ConnectorHostError(.importError, "\(place): the import ended the Python process")
        case .timedOut:
            let text = await blocking { HangAutopsy.stacks(of: process.pid, dump: dump) }
            let frames = HangAutopsy.parse(text).first?.reversed().suffix(1).map { "\($0.file):\($0.line)" } ?? []
            let seconds = setting.importPatience.components.seconds
            let at = frames.first.map { "; it stands at \($0)" } ?? ""
            throw ConnectorHostError(.importError, "\(place): the import did not end within \(seconds) s\(at)")
        }
    }

    private static func lastLine(of file: String) -> String {
        let text = (try? String(contentsOfFile: file, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").last.map { ": \($0)" } ?? ""
    }
}

/// How a process ended: reaped once, told to any number of askers.
final class Ending: Sendable {
    private let state = Mutex<(ended: Bool, report: ExitReport?, waiting: [CheckedContinuation<ExitReport?, Never>])>((false, nil, []))

    init(_ process: SpawnedProcess) {
        process.onExit { [self] report in
            let waiting = state.withLock { state in
                state.ended = true
                state.report = report
                defer { state.waiting = [] }
                return state.waiting
            }
            for continuation in waiting { continuation.resume(returning: report) }
        }
    }

    func report() async -> ExitReport? {
        await withCheckedContinuation { continuation in
            let known = state.withLock { state -> ExitReport?? in
                if state.ended { return .some(state.report) }
                state.waiting.append(continuation)
                return nil
            }
            if let known { continuation.resume(returning: known) }
        }
    }
}

/// Runs what blocks on a thread of its own.
func blocking<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
    await withCheckedContinuation { continuation in
        if !startThread({ continuation.resume(returning: body()) }) { continuation.resume(returning: body()) }
    }
}
