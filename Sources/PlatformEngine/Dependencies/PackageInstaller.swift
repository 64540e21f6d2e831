import Foundation

/// The interpreter that environments are made of, and the pip that fills them.
struct PackageInstaller: Sendable, Hashable {
    enum Pip: Sendable, Hashable {
        /// A wheel of pip that came with the interpreter: it runs from there.
        case wheel(String)
        /// The package folder of the interpreter's own pip, new enough to install for another interpreter.
        case own(folder: String)
    }

    var python: String
    /// The interpreter's whole version text.
    var version: String
    /// Such as `3.11`.
    var shortVersion: String
    var pip: Pip

    /// Asks the interpreter, in a room below `folder`. It blocks: for a thread of the caller's own.
    static func find(
        _ environment: [String: String], processes: BuildProcesses, folder: String
    ) throws(DependencyFailure) -> PackageInstaller {
        let python: String
        switch PythonInterpreter.find(environment) as Result<String, MissingInterpreter> {
        case .success(let found): python = found
        case .failure(let missing): throw DependencyFailure(description: missing.detail, isOfThePlatform: true)
        }
        let room = try BuildRoom("\(folder)/\(EnvironmentBuilder.draftPrefix)python.room")
        defer { room.remove() }
        let asked = try processes.run(python, ["-I", "-c", question], environment: room.environment(environment), in: room)
        let lines = asked.output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        guard asked.isSuccess, lines.count >= 5 else {
            throw DependencyFailure(description: "\(python) does not answer: \(asked.output.prefix(200))", isOfThePlatform: true)
        }
        guard lines[2] == "venv", let pip = pip(wheel: lines[3], own: lines[4]) else {
            throw DependencyFailure(
                description: "\(python) cannot make environments for dependencies; install its venv and pip (Debian: apt-get install python3-venv)",
                isOfThePlatform: true)
        }
        return PackageInstaller(python: python, version: lines[0], shortVersion: lines[1], pip: pip)
    }

    /// The program and its first arguments that make pip work on the environment in `folder`, and what it needs in its own environment.
    func command(for folder: String) -> (executable: String, arguments: [String], environment: [String: String]) {
        switch pip {
        case .wheel(let wheel): (folder + "/bin/python", ["-m", "pip"], ["PYTHONPATH": wheel])
        case .own: (python, ["-m", "pip", "--python", folder + "/bin/python"], [:])
        }
    }

    private static func pip(wheel: String, own: String) -> Pip? {
        if !wheel.isEmpty { return .wheel(wheel) }
        return own.isEmpty ? nil : .own(folder: own)
    }

    /// `--python` came with pip 22.3.
    private static let question = """
        import glob, os, sys
        print(sys.version.replace("\\n", " "))
        print("%d.%d" % sys.version_info[:2])
        try:
            import venv
            print("venv")
        except ImportError:
            print("")
        folders = ["/usr/share/python-wheels"]
        try:
            import ensurepip
            folders.insert(0, os.path.join(os.path.dirname(ensurepip.__file__), "_bundled"))
            folders.insert(0, getattr(ensurepip, "_WHEEL_PKG_DIR", None) or folders[0])
        except ImportError:
            pass
        print(next((wheel for folder in folders for wheel in sorted(glob.glob(os.path.join(folder, "pip-*.whl")))), ""))
        try:
            import pip
            new = tuple(int(part) for part in pip.__version__.split(".")[:2]) >= (22, 3)
            print(os.path.dirname(pip.__file__) if new else "")
        except Exception:
            print("")
        """
}
