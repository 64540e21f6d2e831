import Foundation

/// All that a guest's process is started with.
struct GuestSetting: Sendable {
    var reference: ConnectorReference
    var interpreter: PythonInterpreter
    var workingFolder: String
    /// The harness's own folder for sockets, output and the guest's files.
    var runtimeFolder: String
    var script: String
    var importPatience: Duration
    var environment: [(name: String, value: String)]

    /// What a guest gets of the user's environment: nothing that could stand in for the given credentials, and no proxy.
    /// `HOME` and `TMPDIR` are fresh folders. Packages that the user installed with `pip install --user` stay in reach, and
    /// hashes are not random, so that equal runs print equal sets.
    static func environment(from user: [String: String], home: String, temporary: String) -> [(name: String, value: String)] {
        let kept = ["PATH", "LANG", "TZ", "VIRTUAL_ENV", "PYTHONPATH", "LD_LIBRARY_PATH"]
        var variables = user.filter { kept.contains($0.key) || $0.key.hasPrefix("LC_") }
        if let base = user["PYTHONUSERBASE"] ?? user["HOME"].map({ "\($0)/.local" }) { variables["PYTHONUSERBASE"] = base }
        variables["HOME"] = home
        variables["TMPDIR"] = temporary
        variables["PYTHONDONTWRITEBYTECODE"] = "1"
        variables["PYTHONHASHSEED"] = "0"
        return variables.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}
