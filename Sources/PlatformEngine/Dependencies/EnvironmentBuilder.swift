import Foundation

/// Makes the virtual environment of one set of requirements, in a draft beside its place, which it gets when it is complete: a crash leaves no half one.
struct EnvironmentBuilder: Sendable {
    let installer: PackageInstaller
    let source: DependencySource
    let processes: BuildProcesses
    let serverEnvironment: [String: String]
    /// Where environments lie; absolute.
    let folder: String

    /// Drafts begin so.
    static let draftPrefix = "draft-"

    /// Makes it, where it is not there. It blocks: for a thread of the caller's own. One at a time for each name.
    /// - Returns: the environment's folder.
    func build(_ requirements: [String], name: String) throws(DependencyFailure) -> String {
        let place = "\(folder)/\(name)"
        if access(place + "/bin/python", X_OK) == 0 { return place }
        // With the pid: what a server that was killed has left running must not write into this one.
        let draft = "\(folder)/\(Self.draftPrefix)\(name)-\(getpid())"
        let room = try BuildRoom(draft + ".room")
        defer {
            try? FileManager.default.removeItem(atPath: draft)
            room.remove()
        }
        try? FileManager.default.removeItem(atPath: draft)
        try makeEmpty(draft, room)
        try install(requirements, draft, room)
        do {
            try addPip(to: draft)
            try settle(draft, place)
            try Data((requirements.joined(separator: "\n") + "\n").utf8).write(to: URL(fileURLWithPath: draft + "/requirements.txt"))
        } catch {
            throw DependencyFailure(description: "cannot finish the environment in \(folder): \(error.localizedDescription)", isOfThePlatform: true)
        }
        // One that is there and cannot run is of no use to anybody.
        try? FileManager.default.removeItem(atPath: place)
        guard rename(draft, place) == 0 else {
            throw DependencyFailure(description: "cannot put the environment at \(place): \(String(cString: strerror(errno)))", isOfThePlatform: true)
        }
        return place
    }

    private func makeEmpty(_ draft: String, _ room: BuildRoom) throws(DependencyFailure) {
        let made = try processes.run(installer.python, ["-I", "-m", "venv", "--without-pip", draft], environment: room.environment(serverEnvironment), in: room)
        guard made.isSuccess else {
            let last = made.output.split(whereSeparator: \.isNewline).last.map(String.init) ?? "no reason given"
            throw DependencyFailure(
                description: "\(installer.python) cannot make an environment: \(last); install its venv (Debian: apt-get install python3-venv)",
                isOfThePlatform: true)
        }
    }

    private func install(_ requirements: [String], _ draft: String, _ room: BuildRoom) throws(DependencyFailure) {
        let pip = installer.command(for: draft)
        // Wheels only: to build a package is to run code of it, here.
        let options = [
            "install", "--disable-pip-version-check", "--no-input", "--no-cache-dir", "--no-warn-script-location", "--only-binary", ":all:",
        ]
        let environment = room.environment(serverEnvironment).merging(pip.environment) { $1 }.merging(network) { $1 }
        let installed = try processes.run(
            pip.executable, pip.arguments + options + sourceOptions + ["--"] + requirements, environment: environment, in: room)
        guard !installed.isSuccess else { return }
        // Without its index pip only sees that there is no such package.
        if let index = source.index, PipReason.gaveUpOnAnAddress(installed.output) {
            throw DependencyFailure(description: "the index at \(PipReason.place(of: index)) does not answer", isOfThePlatform: true)
        }
        throw DependencyFailure(description: PipReason.reason(in: installed.output))
    }

    private var sourceOptions: [String] {
        let index = source.index.map { ["--index-url", $0] } ?? ["--no-index"]
        return index + (source.wheels.map { ["--find-links", $0] } ?? [])
    }

    /// How this machine gets out to an index, where one is allowed.
    private var network: [String: String] {
        guard source.index != nil else { return [:] }
        let names = ["http_proxy", "https_proxy", "no_proxy", "all_proxy"]
        let wanted = names + names.map { $0.uppercased() } + ["SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"]
        return serverEnvironment.filter { wanted.contains($0.key) }
    }

    /// So that a job finds pip in its environment, as it does in the interpreter's own.
    private func addPip(to draft: String) throws {
        let packages = "\(draft)/lib/python\(installer.shortVersion)/site-packages"
        switch installer.pip {
        case .wheel(let wheel): try Data((wheel + "\n").utf8).write(to: URL(fileURLWithPath: packages + "/windtunnel-pip.pth"))
        case .own(let own) where !FileManager.default.fileExists(atPath: packages + "/pip"):
            try FileManager.default.copyItem(atPath: own, toPath: packages + "/pip")
        case .own: break
        }
        for name in ["pip", "pip3", "pip\(installer.shortVersion)"] where !FileManager.default.fileExists(atPath: "\(draft)/bin/\(name)") {
            try Data(Self.pipCommand.utf8).write(to: URL(fileURLWithPath: "\(draft)/bin/\(name)"))
            chmod("\(draft)/bin/\(name)", 0o755)
        }
    }

    /// Beside the environment's interpreter, wherever that is.
    private static let pipCommand = """
        #!/bin/sh
        exec "${0%/*}/python3" -m pip "$@"

        """

    /// Scripts name the environment's folder: what says the draft's name shall say the place's.
    private func settle(_ draft: String, _ place: String) throws {
        for name in try FileManager.default.contentsOfDirectory(atPath: draft + "/bin").sorted() {
            let path = "\(draft)/bin/\(name)"
            var status = stat()
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, var bytes = FileManager.default.contents(atPath: path) else { continue }
            var isChanged = false
            while let range = bytes.range(of: Data(draft.utf8)) {
                bytes.replaceSubrange(range, with: Data(place.utf8))
                isChanged = true
            }
            guard isChanged else { continue }
            try bytes.write(to: URL(fileURLWithPath: path))
            chmod(path, status.st_mode & 0o777)
        }
    }
}
