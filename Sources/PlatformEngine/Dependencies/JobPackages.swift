import Simulation

/// What a job finds of packages: its own environment, and the platform's source for what it installs itself.
struct JobPackages: Sendable {
    let source: DependencySource
    let environments: PreparedEnvironments

    /// Where a job's own `pip install` puts things, below its working folder.
    static let folder = "packages"

    /// The interpreter of the job's environment; nil for a job without one.
    func python(of job: String) -> String? { environments[job].map { $0 + "/bin/python" } }

    /// Whether the job is to have what `pip` and its results need.
    func concerns(_ job: String) -> Bool { environments[job] != nil || !source.isEmpty }

    /// The variables that the submission may replace.
    func addDefaults(to variables: inout [String: String], _ job: String, work: String) {
        let target = "\(work)/\(Self.folder)"
        var path = ["\(target)/bin", variables["PATH"] ?? LaunchComposer.standardPath]
        if let environment = environments[job] {
            path.insert("\(environment)/bin", at: 1)
            variables["VIRTUAL_ENV"] = environment
        }
        variables["PATH"] = path.joined(separator: ":")
        variables["PIP_CONFIG_FILE"] = "/dev/null"
        variables["PIP_DISABLE_PIP_VERSION_CHECK"] = "1"
        variables["PIP_BREAK_SYSTEM_PACKAGES"] = "1"
        variables["PIP_TARGET"] = target
        if let index = source.index { variables["PIP_INDEX_URL"] = index } else { variables["PIP_NO_INDEX"] = "1" }
        // The variable is a list by blanks; a file URL has none.
        if let wheels = source.wheels { variables["PIP_FIND_LINKS"] = fileURL(wheels) }
    }

    /// After the submission's own variables: what it installs is found in any case.
    func addPath(to variables: inout [String: String], work: String) {
        let theirs = variables["PYTHONPATH"].flatMap { $0.isEmpty ? nil : $0 }
        variables["PYTHONPATH"] = ([theirs].compactMap { $0 } + ["\(work)/\(Self.folder)"]).joined(separator: ":")
    }

    private func fileURL(_ path: String) -> String {
        guard path.utf8.contains(where: { $0 <= 32 || $0 > 126 || $0 == UInt8(ascii: "%") || $0 == UInt8(ascii: "#") }) else { return path }
        return "file://" + path.utf8.map { byte in
            let isPlain = (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) || (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "/._-".utf8.contains(byte)
            let digits = String(byte, radix: 16, uppercase: true)
            return isPlain ? String(UnicodeScalar(byte)) : "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }
}
