import Glibc
import ProcessSpawn

/// Why a launch led to no new process.
enum LaunchRefusal: Error {
    /// The name or a path is not acceptable; nothing was noted.
    case notAJob(String)
    case failed(String)
    /// For want of what may come back, descriptors or room on the disk; nothing was noted, and it can be tried again.
    case lacking(FileError)
}

/// Prepares a job's folder and starts its main process.
struct JobLauncher {
    private let folder: NodeFolder
    private let journal: JobJournal
    private let jobs: OpenFolder
    private let confiner: Confiner
    private let warm: WarmInterpreters

    /// So many descriptors stay free: without any, the node could neither look at its jobs' processes nor end them.
    private static let descriptorReserve = 16
    /// What a launch opens before it looks whether the reserve is left: the job's folder, the working folder and the three streams.
    private static let descriptorsAtFirst = 5
    /// More than the node has for itself and for its interpreters, and than it has for one job: below that nothing needs to be tried.
    private static let descriptorsOfNode = 128
    private static let descriptorsOfJob = 32

    init(folder: NodeFolder, journal: JobJournal, confiner: Confiner, warm: WarmInterpreters) throws(FileError) {
        self.warm = warm
        self.folder = folder
        self.confiner = confiner
        self.journal = journal
        jobs = try OpenFolder(path: folder.jobs)
    }

    /// - Parameter launch: a job that is not in the journal.
    func start(_ launch: JobLaunch) throws(LaunchRefusal) -> RunningJob {
        try check(launch)
        let streams = try makeReady(launch)
        defer { streams.close() }
        do throws(FileError) {
            return try run(launch, streams)
        } catch {
            throw .failed(error.description)
        }
    }

    private func check(_ launch: JobLaunch) throws(LaunchRefusal) {
        guard NodeFolder.isJobName(launch.job) else { throw .notAJob("\"\(launch.job)\" cannot name a job") }
        for path in launch.files.map(\.path) + launch.folders {
            let parts = path.split(separator: "/", omittingEmptySubsequences: false)
            let isConfined = !parts.contains { $0.isEmpty || $0 == "." || $0 == ".." }
            guard isConfined, !path.utf8.contains(0) else { throw .notAJob("\"\(path)\" leads out of the job's folder") }
        }
    }

    /// All that may fail for want of something, and then the note, after which the job is begun.
    private func makeReady(_ launch: JobLaunch) throws(LaunchRefusal) -> JobStreams {
        do throws(FileError) {
            let streams = try JobStreams(in: try prepare(launch))
            do throws(FileError) {
                guard Self.canOpen(Self.descriptorReserve) else { throw FileError("run job", launch.job, EMFILE) }
                try journal.note(.launched(job: launch.job))
            } catch {
                streams.close()
                throw error
            }
            return streams
        } catch {
            throw error.isOfALack ? .lacking(error) : .failed(error.description)
        }
    }

    private func prepare(_ launch: JobLaunch) throws(FileError) -> OpenFolder {
        let jobFolder = try jobs.makeFolder(launch.job)
        // It has to be a folder, and no link to one: the job starts in it.
        try jobFolder.enter("work")
        for path in launch.folders { try jobFolder.ensureFolder(path[...]) }
        for file in launch.files { try jobFolder.write(file.contents, to: file.path[...]) }
        return jobFolder
    }

    private func run(_ launch: JobLaunch, _ streams: JobStreams) throws(FileError) -> RunningJob {
        let gate = launch.gated ? try Gate(path: folder.gate(launch.job)) : nil
        let confinement = confiner.confine(launch)
        var request = SpawnRequest(
            executable: launch.executable, arguments: launch.arguments, environment: environment(launch),
            workingDirectory: folder.workFolder(ofJob: launch.job), standardInput: .descriptor(streams.input),
            standardOutput: .descriptor(streams.output),
            standardError: .descriptor(streams.error), newSession: true, limits: launch.limits + confinement.limits, diesWithParent: true)
        request.processors = confinement.processors
        let started: RunningJob
        do throws(SpawnError) {
            started = try start(launch, &request, gate, confinement.group)
        } catch {
            gate?.drop()
            confiner.release(confinement.group)
            throw FileError(spawn: error)
        }
        do throws(FileError) {
            try journal.note(.started(job: launch.job, started.process.identity))
        } catch {
            // It runs; a later reconciliation finds it by its mark.
            NodeLog.write(error.description)
        }
        return started
    }

    private func start(
        _ launch: JobLaunch, _ request: inout SpawnRequest, _ gate: Gate?, _ group: JobCgroup?
    ) throws(SpawnError) -> RunningJob {
        guard let group else {
            return try RunningJob(launch, gate: gate, group: nil) { () throws(SpawnError) in try begin(request, launch.launcher) }
        }
        return try group.withEntries { entries throws(SpawnError) in
            request.groups = entries
            return try RunningJob(launch, gate: gate, group: group) { () throws(SpawnError) in try begin(request, launch.launcher) }
        }
    }

    private func begin(_ request: SpawnRequest, _ launcher: Launcher) throws(SpawnError) -> SpawnedProcess {
        if launcher == .warm, let process = warm.start(request) { return process }
        return try spawn(request)
    }

    /// Whether there are descriptors for one more job.
    /// - Parameters:
    ///   - running: how many jobs run.
    ///   - promised: how many descriptors they are still to take.
    func hasDescriptors(besideJobs running: Int, promised: Int) -> Bool {
        let usedAtMost = Self.descriptorsOfNode + (running + 1) * Self.descriptorsOfJob
        return usedAtMost < Self.descriptorLimit() || Self.canOpen(Self.descriptorReserve + Self.descriptorsAtFirst + promised)
    }

    private static func descriptorLimit() -> Int {
        var limit = rlimit()
        return getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 ? Int(clamping: limit.rlim_cur) : 0
    }

    /// Tries it: the number of a descriptor does not tell how many others there are, for lower ones may be free.
    private static func canOpen(_ count: Int) -> Bool {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        for _ in 0..<count {
            let descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 0)
            guard descriptor >= 0 else { return false }
            taken.append(descriptor)
        }
        return true
    }

    private func environment(_ launch: JobLaunch) -> [(name: String, value: String)] {
        var environment = launch.environment.filter { $0.name != jobMarker && $0.name != "WINDTUNNEL_GATE" }
        environment.append((jobMarker, launch.job))
        if launch.gated { environment.append(("WINDTUNNEL_GATE", folder.gate(launch.job))) }
        return environment
    }
}

/// A job's standard streams, open.
private struct JobStreams {
    /// `/dev/null`, opened for this job alone: what one job sets on an open file, another that shares it would see.
    let input: Int32
    let output: Int32
    let error: Int32

    init(in jobFolder: OpenFolder) throws(FileError) {
        var opened: [Int32] = []
        do throws(FileError) {
            let null = open("/dev/null", O_RDWR | O_CLOEXEC)
            guard null >= 0 else { throw FileError("open", "/dev/null") }
            opened.append(null)
            for name in ["stdout", "stderr"] { opened.append(try jobFolder.openToAppend(name)) }
        } catch {
            for descriptor in opened { Glibc.close(descriptor) }
            throw error
        }
        (input, output, error) = (opened[0], opened[1], opened[2])
    }

    func close() { for descriptor in [input, output, error] { Glibc.close(descriptor) } }
}
