import JobExecution
import Simulation

/// Makes of a submission what a node is to run: program, files and environment.
struct LaunchComposer: Sendable {
    /// What a job sees of the server's own environment.
    static let passedOn = ["PATH", "LANG", "TZ"]
    static let standardPath = "/usr/local/bin:/usr/bin:/bin"
    /// Names that only the platform gives.
    static let ownPrefix = "WINDTUNNEL_"

    let folder: NodeFolder
    let serverEnvironment: [String: String]
    var logBytesMax = EngineConfiguration.logBytesMaxStandard
    let packages: JobPackages
    /// Nil where jobs run as they are.
    let sandbox: Sandbox?
    var launcher = LauncherChoice.auto

    /// - Parameter python: the interpreter's path, for a Python job.
    func compose(_ job: String, _ submission: Submission, name: String, gated: Bool, python: String) -> JobLaunch {
        let code = submission.language == .python ? "main.py" : "main.sh"
        let program: (path: String, options: [String]) =
            switch submission.language {
            // Unbuffered, so that logs are there while it runs.
            case .python: (packages.python(of: job) ?? python, ["-u"])
            case .shell: ("/bin/sh", [])
            }
        let hasPackages = packages.concerns(job)
        // One with packages of its own is another interpreter, or finds them by what an interpreter reads only when it starts.
        let isPlain = submission.language == .python && !hasPackages && sandbox == nil
        let launch = JobLaunch(
            job: job, executable: program.path,
            arguments: program.options + ["\(folder.workFolder(ofJob: job))/\(code)"],
            environment: environment(job, submission, name: name), gated: gated,
            files: [LaunchFile(path: "work/\(code)", contents: Array(submission.code.utf8))],
            folders: ["artifacts"] + (hasPackages ? ["work/\(JobPackages.folder)"] : []), bounds: bounds(submission.resources),
            launcher: isPlain && launcher != .cold ? .warm : .cold)
        return sandbox?.wrap(launch, jobFolder: folder.folder(ofJob: job), workFolder: folder.workFolder(ofJob: job)) ?? launch
    }

    /// A gigabyte is 10^9 bytes. What is not given, or not above zero, bounds nothing.
    private func bounds(_ resources: Resources) -> JobBounds {
        JobBounds(
            memoryBytes: Self.bytes(resources.memoryGB), cpus: resources.cpuCount.flatMap { $0 > 0 ? $0 : nil },
            diskBytes: Self.bytes(resources.diskSizeGB), logBytes: logBytesMax)
    }

    private static func bytes(_ gigabytes: Double?) -> Int64? {
        gigabytes.flatMap { $0 > 0 ? Int64(exactly: ($0 * gigabyte).rounded(.up)) : nil }
    }

    private static let gigabyte = 1_000_000_000.0

    /// Later ones win: the server's few, the submission's, the platform's own.
    private func environment(_ job: String, _ submission: Submission, name: String) -> [(name: String, value: String)] {
        let files = JobFiles(folder, job)
        var variables = serverEnvironment.filter { Self.passedOn.contains($0.key) }
        if variables["PATH"] == nil { variables["PATH"] = Self.standardPath }
        variables["HOME"] = files.work
        // No folder of its own: to make one costs as much as four files, for every job.
        variables["TMPDIR"] = files.work
        let hasPackages = packages.concerns(job)
        if hasPackages { packages.addDefaults(to: &variables, job, work: files.work) }
        for (name, value) in submission.environment where !name.hasPrefix(Self.ownPrefix) { variables[name] = value }
        if hasPackages { packages.addPath(to: &variables, work: files.work) }
        variables["WINDTUNNEL_JOB_ID"] = job
        variables["WINDTUNNEL_JOB_NAME"] = name
        variables["WINDTUNNEL_METRICS_FILE"] = files.metrics
        variables["WINDTUNNEL_ARTIFACTS_DIR"] = files.artifacts
        return variables.sorted { $0.key < $1.key }.map { (name: $0.key, value: $0.value) }
    }
}

/// The places in a job's folder that are the engine's concern.
struct JobFiles {
    let folder: String
    let work: String
    let standardOutput: String
    let standardError: String

    init(_ node: NodeFolder, _ job: String) {
        folder = node.folder(ofJob: job)
        work = node.workFolder(ofJob: job)
        standardOutput = node.standardOutput(ofJob: job)
        standardError = node.standardError(ofJob: job)
    }

    var metrics: String { folder + "/metrics.jsonl" }
    var artifacts: String { folder + "/artifacts" }
}
