import Foundation
import ProcessSpawn

/// The process that serves one endpoint.
final class EndpointProcess: Sendable {
    /// What is started, and where.
    struct Setting: Sendable {
        var interpreter: String
        /// The model's Python file.
        var model: String
        /// The endpoint's own folder: program, log, home.
        var folder: String
        /// The port to take where it is free; 0 for any.
        var port: Int
        /// The server's own environment.
        var environment: [String: String]
        /// How long a model may take to load.
        var patienceSeconds: Double

        var log: String { folder + "/log" }
        var home: String { folder + "/home" }
        var temporary: String { home + "/tmp" }
        var program: String { folder + "/endpoint_server.py" }
    }

    /// Why there is no process, for whoever asked for it.
    struct Failure: Error, Sendable {
        /// Whose trouble it is: the model's, or the platform's at this moment (`unavailable`).
        var code = PlatformError.Code.invalid
        var reason: String
    }

    let port: Int
    let tree: EndpointTree
    private let setting: Setting
    private let process: SpawnedProcess

    private init(port: Int, tree: EndpointTree, setting: Setting, process: SpawnedProcess) {
        self.port = port
        self.tree = tree
        self.setting = setting
        self.process = process
    }

    /// Starts it, and returns once it answers. When it throws, no process of it is left.
    static func start(_ setting: Setting) async throws(Failure) -> EndpointProcess {
        try await onOwnThread { () -> Result<EndpointProcess, Failure> in
            do throws(Failure) { return .success(try startHere(setting)) } catch { return .failure(error) }
        }.get()
    }

    /// Reaps it when it ends, and then calls `body` with the reason. To be called once.
    func onEnd(_ body: @escaping @Sendable (String) -> Void) {
        process.onExit { [setting] report in
            // What it started must not go on without it.
            self.tree.end(graceSeconds: 0)
            body("its process ended\(Self.words(report))\(Self.lastWords(setting.log))")
        }
    }

    /// Ends the whole tree; returns when nothing of it lives.
    func end(graceSeconds: Double) async {
        await onOwnThread { [tree] in tree.end(graceSeconds: graceSeconds) }
    }

    // MARK: start

    private static func startHere(_ setting: Setting) throws(Failure) -> EndpointProcess {
        try prepare(setting)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(code: .unavailable, reason: "no pipe for its process: \(systemMessage(errno))") }
        let reading = Descriptor(ends[0])
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let process: SpawnedProcess
        do {
            // The end for writing is the child's alone, so that its death ends the report.
            defer { close(ends[1]) }
            process = try spawn(request(setting, report: ends[1]))
        } catch {
            throw Failure(code: isShortage(error) ? .unavailable : .invalid, reason: error.description)
        }
        let tree = EndpointTree(mark: setting.folder, leader: process.identity)
        do throws(Failure) {
            let port = try awaitReport(reading.number, process, setting)
            return EndpointProcess(port: port, tree: tree, setting: setting, process: process)
        } catch {
            tree.end(graceSeconds: 0)
            _ = reap(pid: process.pid, blocking: true)
            throw error
        }
    }

    private static func prepare(_ setting: Setting) throws(Failure) {
        do {
            try FileManager.default.createDirectory(
                atPath: setting.temporary, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            try Data("\(EndpointServerFile.text)\n".utf8).write(to: URL(fileURLWithPath: setting.program))
        } catch CocoaError.fileWriteOutOfSpace {
            throw Failure(code: .unavailable, reason: "the disk is full; free space, then try again")
        } catch {
            throw Failure(code: .unavailable, reason: "its folder \(setting.folder) cannot be written")
        }
    }

    /// Whether the machine lacks something for any process at this moment, whatever the model.
    private static func isShortage(_ error: SpawnError) -> Bool {
        switch error.step {
        case .request, .workingDirectory, .execute: false
        case .open, .clone, .session, .descriptors, .limits, .group, .processors: true
        }
    }

    private static func request(_ setting: Setting, report: Int32) -> SpawnRequest {
        var variables = setting.environment.filter { LaunchComposer.passedOn.contains($0.key) }
        if variables["PATH"] == nil { variables["PATH"] = LaunchComposer.standardPath }
        variables["HOME"] = setting.home
        variables["TMPDIR"] = setting.temporary
        variables[EndpointTree.variable] = setting.folder
        // The model's folder is the user's: nothing is added to it.
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        return SpawnRequest(
            executable: setting.interpreter, arguments: ["-u", setting.program, setting.model, "\(setting.port)"],
            environment: variables.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) },
            workingDirectory: URL(fileURLWithPath: setting.model).deletingLastPathComponent().path,
            standardOutput: .file(path: setting.log, append: false), standardError: .file(path: setting.log, append: true),
            inherited: [(from: report, to: 3)], newSession: true, diesWithParent: true)
    }

    // MARK: the report of the process

    private struct Report: Decodable {
        var port: Int?
        var error: String?
    }

    private static func awaitReport(_ pipe: Int32, _ process: SpawnedProcess, _ setting: Setting) throws(Failure) -> Int {
        let deadline = ContinuousClock.now + .seconds(setting.patienceSeconds)
        var text: [UInt8] = []
        while text.last != UInt8(ascii: "\n") {
            let rest = deadline - ContinuousClock.now
            let milliseconds = rest.components.seconds * 1000 + rest.components.attoseconds / 1_000_000_000_000_000
            var interests = [
                pollfd(fd: pipe, events: Int16(POLLIN), revents: 0), pollfd(fd: process.pidfd, events: Int16(POLLIN), revents: 0),
            ]
            let ready = milliseconds > 0 ? poll(&interests, 2, Int32(clamping: milliseconds)) : 0
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                throw Failure(reason: "it was not loaded within \(setting.patienceSeconds.formatted()) s\(lastWords(setting.log))")
            }
            // The process may be gone, and its last words still be there.
            guard interests[0].revents != 0, append(pipe, &text) else {
                throw Failure(reason: "its process ended while it was loaded\(lastWords(setting.log))")
            }
        }
        guard let report = try? JSONDecoder().decode(Report.self, from: Data(text)), let port = report.port else {
            let error = (try? JSONDecoder().decode(Report.self, from: Data(text)))?.error
            throw Failure(reason: error ?? "its process made no sense\(lastWords(setting.log))")
        }
        return port
    }

    /// False at the end.
    private static func append(_ pipe: Int32, _ text: inout [UInt8]) -> Bool {
        var buffer = [UInt8](repeating: 0, count: 4096)
        let count = read(pipe, &buffer, buffer.count)
        if count > 0 { text += buffer[..<count] }
        return count > 0 || (count < 0 && errno == EINTR)
    }

    // MARK: words

    private static func words(_ report: ExitReport?) -> String {
        switch report?.ending {
        case .code(let code): " with exit code \(code)"
        case .signal(let signal): " by signal \(signal)"
        case nil: ""
        }
    }

    private static let lastWordsBytesMax = 2048
    private static let lastWordsLinesMax = 8

    /// The end of what it wrote, behind a colon; nothing where it wrote nothing.
    private static func lastWords(_ log: String) -> String {
        guard let file = OpenFile(log) else { return "" }
        let start = max(0, file.size - Int64(lastWordsBytesMax))
        let text = String(decoding: file.read(from: start, count: lastWordsBytesMax), as: UTF8.self)
        let lines = text.split(separator: "\n").suffix(lastWordsLinesMax)
        return lines.isEmpty ? "" : ":\n" + lines.joined(separator: "\n")
    }
}
