import Glibc
import ProcessSpawn

/// Why a launch led to no new process.
enum LaunchRefusal: Error {
    /// The name or a path is not acceptable; nothing was noted.
    case notAJob(String)
    /// An intent of that id exists: it has run, or is lost, and must not run again.
    case launchedBefore
    case failed(String)
}

/// Prepares a job's folder and starts its main process.
struct JobLauncher {
    let folder: NodeFolder
    private let null: StandardStream

    init(folder: NodeFolder) {
        self.folder = folder
        // Opened once: every job has it as its input.
        let descriptor = open("/dev/null", O_RDWR | O_CLOEXEC)
        null = descriptor >= 0 ? .descriptor(descriptor) : .null
    }

    func start(_ launch: JobLaunch) throws(LaunchRefusal) -> RunningJob {
        try check(launch)
        try noteIntent(launch)
        do throws(FileError) {
            try prepare(launch)
            let gate = launch.gated ? try Gate(path: folder.gate(launch.job)) : nil
            return try run(launch, gate)
        } catch {
            throw .failed(error.description)
        }
    }

    private func check(_ launch: JobLaunch) throws(LaunchRefusal) {
        guard NodeFolder.isJobName(launch.job) else { throw .notAJob("\"\(launch.job)\" cannot name a job") }
        for file in launch.files {
            let parts = file.path.split(separator: "/", omittingEmptySubsequences: false)
            let isConfined = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
            guard isConfined, !file.path.utf8.contains(0) else { throw .notAJob("\"\(file.path)\" leads out of the job's folder") }
        }
    }

    /// Whoever creates the intent runs the job.
    private func noteIntent(_ launch: JobLaunch) throws(LaunchRefusal) {
        var intent = JSONObjectText()
        intent.put("job", JSONObjectText.quoted(launch.job))
        intent.put("executable", JSONObjectText.quoted(launch.executable))
        intent.put("arguments", JSONObjectText.list(launch.arguments))
        intent.put("gated", "\(launch.gated)")
        do throws(FileError) {
            try Files.makeFolder(folder.folder(ofJob: launch.job))
            try Files.write(Array(intent.text.utf8), to: folder.intent(launch.job), exclusively: true)
        } catch {
            throw error.errno == EEXIST ? .launchedBefore : .failed(error.description)
        }
    }

    private func prepare(_ launch: JobLaunch) throws(FileError) {
        let jobFolder = folder.folder(ofJob: launch.job)
        try Files.makeFolder(folder.workFolder(ofJob: launch.job))
        for file in launch.files {
            let path = "\(jobFolder)/\(file.path)"
            if let slash = path.lastIndex(of: "/") { try Files.makeFolders(String(path[..<slash])) }
            try Files.write(file.contents, to: path)
        }
    }

    private func run(_ launch: JobLaunch, _ gate: Gate?) throws(FileError) -> RunningJob {
        let request = SpawnRequest(
            executable: launch.executable, arguments: launch.arguments, environment: environment(launch),
            workingDirectory: folder.workFolder(ofJob: launch.job), standardInput: null,
            standardOutput: .file(path: folder.standardOutput(ofJob: launch.job), append: true),
            standardError: .file(path: folder.standardError(ofJob: launch.job), append: true), newSession: true, limits: launch.limits,
            diesWithParent: true)
        let process: SpawnedProcess
        do throws(SpawnError) {
            process = try spawn(request)
        } catch {
            gate?.drop()
            throw FileError(spawn: error)
        }
        let startTime = processStartTime(process.pid) ?? 0
        do throws(FileError) {
            try Files.write(Array("\(process.pid) \(startTime)".utf8), to: folder.process(launch.job))
        } catch {
            // It runs; a later reconciliation finds it by its mark.
            NodeLog.write(error.description)
        }
        return RunningJob(job: launch.job, process: process, startTime: startTime, gate: gate)
    }

    private func environment(_ launch: JobLaunch) -> [(name: String, value: String)] {
        var environment = launch.environment.filter { $0.name != jobMarker && $0.name != "WINDTUNNEL_GATE" }
        environment.append((jobMarker, launch.job))
        if launch.gated { environment.append(("WINDTUNNEL_GATE", folder.gate(launch.job))) }
        return environment
    }
}
