import Foundation
import ProcessSpawn

/// The Python that the connector runs in.
public struct PythonInterpreter: Sendable, Hashable {
    /// Absolute path of the real interpreter, behind any shim.
    public var executable: String
    /// Such as `3.11.7`.
    public var version: String

    static let oldest = (major: 3, minor: 9)

    /// The interpreter that the user chose, or else the nearest one.
    ///
    /// In this order: `explicit` · `$VIRTUAL_ENV` · a `.venv` beside the connector, above it up to the project's own folder, or in the
    /// current folder · `python3` and `python` on the path.
    /// - Parameters:
    ///   - explicit: the value of `--python`, a path or a name.
    ///   - connectorPath: the connector's file, nil when it was given as a module.
    /// - Throws: `ConnectorHostError`, naming what was looked for.
    public static func find(
        explicit: String?, connectorPath: String?,
        environment: [String: String] = ProcessInfo.processInfo.environment, currentFolder: String? = nil
    ) async throws(ConnectorHostError) -> PythonInterpreter {
        let folder = currentFolder ?? FileManager.default.currentDirectoryPath
        let search = Search(path: environment["PATH"] ?? "", currentFolder: folder)
        if let explicit {
            guard let found = search.program(explicit) else {
                throw ConnectorHostError(.interpreterMissing, "--python \(explicit): no such program")
            }
            return try await probe(found, named: "--python \(explicit)", environment: environment)
        }
        var places: [String] = []
        if let active = environment["VIRTUAL_ENV"], !active.isEmpty { places.append("\(active)/bin/python") }
        places += search.environments(beside: connectorPath)
        for place in places {
            if let found = search.program(place) { return try await probe(found, named: place, environment: environment) }
        }
        for name in ["python3", "python"] {
            if let found = findExecutable(named: name, path: search.path) {
                return try await probe(found, named: found, environment: environment)
            }
        }
        let looked = (places + ["python3 and python on PATH"]).joined(separator: ", ")
        throw ConnectorHostError(.interpreterMissing, "no Python was found (looked for \(looked)); give one with --python PATH")
    }

    /// Asks the program which interpreter it is. One start, also where it is the shim of a version manager.
    private static func probe(
        _ program: String, named name: String, environment: [String: String]
    ) async throws(ConnectorHostError) -> PythonInterpreter {
        let script = "import sys; print('windtunnel', '%d.%d.%d' % sys.version_info[:3], sys.executable)"
        let answer = await run(program, ["-I", "-S", "-c", script], environment: environment)
        // A Python 2 or a strange wrapper answers, if at all, in another form.
        let words = answer.split(separator: "\n").last.map { $0.split(separator: " ", maxSplits: 2) } ?? []
        guard words.count == 3, words[0] == "windtunnel" else {
            throw ConnectorHostError(.interpreterMissing, "\(name): not a Python that works (\(oldestText) or newer is needed)")
        }
        let numbers = words[1].split(separator: ".").compactMap { Int($0) }
        guard numbers.count == 3, (numbers[0], numbers[1]) >= (oldest.major, oldest.minor) else {
            throw ConnectorHostError(.interpreterTooOld, "\(name): Python \(words[1]) is too old, \(oldestText) or newer is needed")
        }
        return PythonInterpreter(executable: String(words[2]), version: String(words[1]))
    }

    private static var oldestText: String { "Python \(oldest.major).\(oldest.minor)" }

    private static func run(_ program: String, _ arguments: [String], environment: [String: String]) async -> String {
        guard let folder = try? RuntimeFolder.make() else { return "" }
        defer { RuntimeFolder.remove(folder) }
        let output = "\(folder)/output"
        let variables = environment.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
        let request = SpawnRequest(
            executable: program, arguments: arguments, environment: variables,
            standardOutput: .file(path: output, append: false), diesWithParent: true)
        guard let process = try? spawn(request) else { return "" }
        let patience = Timer(after: .seconds(20)) { process.send(signal: SIGKILL) }
        _ = await process.waitForExit()
        patience.cancel()
        return (try? String(contentsOfFile: output, encoding: .utf8)) ?? ""
    }
}

/// Where interpreters may be.
private struct Search {
    let path: String
    let currentFolder: String

    /// A path (relative ones to the current folder) or a name on the path.
    func program(_ name: String) -> String? {
        if !name.contains("/") { return findExecutable(named: name, path: path) }
        return findExecutable(named: name.hasPrefix("/") ? name : "\(currentFolder)/\(name)", path: path)
    }

    /// `.venv` beside the connector and in each folder above it, up to the one that looks like a project's; then the current folder's.
    func environments(beside connector: String?) -> [String] {
        var folders: [String] = []
        if let connector {
            let file = connector.hasPrefix("/") ? connector : "\(currentFolder)/\(connector)"
            var folder = URL(fileURLWithPath: file).standardizedFileURL.deletingLastPathComponent()
            while folder.path != "/" {
                folders.append(folder.path)
                if isProject(folder.path) || folder.path == currentFolder { break }
                folder.deleteLastPathComponent()
            }
        }
        if !folders.contains(currentFolder) { folders.append(currentFolder) }
        return folders.map { "\($0)/.venv/bin/python" }
    }

    private func isProject(_ folder: String) -> Bool {
        ["pyproject.toml", "setup.py", "setup.cfg", "requirements.txt", ".git"].contains {
            FileManager.default.fileExists(atPath: "\(folder)/\($0)")
        }
    }
}
