import Conformance
import Foundation

/// What `check` is asked for: the command line over `windtunnel.yaml` over the defaults.
public struct CheckOptions: Sendable {
    public var connector: String
    public var python: String?
    public var credentials: [CredentialTemplate.Entry] = []
    public var only: [String]?
    public var skip: [String]?
    public var level: Contract.Level?
    public var strict: Bool?
    public var seed: UInt64?
    public var jobs: Int?
    public var timeout: Duration?
    public var maxGPUs: Int?
    public var off: [Capability: String] = [:]
    public var optOuts: [String: String] = [:]
    /// The folder that the command was given in.
    public var workingFolder: String
    public var environment: [String: String]

    public init(
        connector: String, workingFolder: String = FileManager.default.currentDirectoryPath,
        environment: [String: String] = ProcessInfo.processInfo.environment
    ) {
        self.connector = connector
        self.workingFolder = workingFolder
        self.environment = environment
    }

    /// Fills what the command line left open.
    public func filled(from file: ProjectFile?) -> CheckOptions {
        guard let file else { return self }
        var options = self
        options.python = python ?? file.python
        options.credentials = file.credentials + credentials
        options.only = only ?? file.only
        options.skip = skip ?? file.skip
        options.level = level ?? file.level
        options.strict = strict ?? file.strict
        options.seed = seed ?? file.seed
        options.jobs = jobs ?? file.jobs
        options.timeout = timeout ?? file.timeout
        options.maxGPUs = maxGPUs ?? file.maxGPUs
        options.off = file.off.merging(off) { _, own in own }
        options.optOuts = file.optOuts.merging(optOuts) { _, own in own }
        return options
    }

    /// An import may take longer than any call: a large library is read.
    var importPatience: Duration { timeout.map { max($0, .seconds(10)) } ?? .seconds(60) }

    var terms: Terms { Terms(off: off, maxGPUs: maxGPUs ?? 8, seed: seed ?? 1) }

    func selection() throws -> Selection {
        try Selection.parsed(only: only, skip: (skip ?? []) + optOuts.keys.sorted(), level: level)
    }

    /// The command that runs this check again, without `--only` and `--seed`.
    var command: String {
        var words = ["windtunnel", "check", connector]
        if let python { words += ["--python", python] }
        if let timeout { words += ["--timeout", "\(Int(timeout.inSeconds * 1000))ms"] }
        words = words.map(ShellWord.quoted)
        for entry in credentials {
            // The user's own secret is not shown; the variable of that name stands for it.
            let value = entry.isSecret ? "\"$\(entry.key.uppercased())\"" : ShellWord.quoted(entry.value)
            words += ["--credential", "\(ShellWord.quoted(entry.key))=\(value)"]
        }
        return words.joined(separator: " ")
    }
}

/// Words for a shell command that can be pasted.
public enum ShellWord {
    public static func quoted(_ word: String) -> String {
        let plain = word.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_./:=,@+%".contains($0)) }
        return plain && !word.isEmpty ? word : "'" + word.replacing("'", with: "'\\''") + "'"
    }
}
