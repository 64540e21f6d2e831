import JobExecution
import Simulation

/// What a node is told, in order. Nothing overtakes: a job's cancellation waits behind its launch.
struct NodeLane {
    enum Command {
        case launch(job: String, Submission, name: String, gated: Bool)
        case openGate(job: String)
        case signal(job: String, JobSignal)
        case forget(job: String)
    }

    enum Interpreter {
        case unknown, wanted
        case known(Result<String, MissingInterpreter>)
    }

    /// The connected node; nil while there is none.
    var client: NodeClient?
    private var backlog: [Command] = []
    private let composer: LaunchComposer

    init(_ folder: NodeFolder, configuration: EngineConfiguration, packages: JobPackages, sandbox: Sandbox?) {
        composer = LaunchComposer(
            folder: folder, serverEnvironment: configuration.environment, logBytesMax: configuration.logBytesMax, packages: packages,
            sandbox: sandbox, launcher: configuration.launcher)
    }

    /// What has to happen for the lane to move on.
    enum Halt {
        case none
        /// The interpreter must be found first.
        case interpreter
        /// These jobs can never be launched, with the reason.
        case failed([(job: String, message: String)])
    }

    mutating func add(_ command: Command) { backlog.append(command) }

    /// Goes before everything that waits.
    mutating func addFirst(_ commands: [Command]) { backlog.insert(contentsOf: commands, at: 0) }

    /// Drops what was meant for a node that is lost. Launches are for the next one, with what stands behind them for the same jobs, and
    /// what it shall forget stands before them.
    mutating func keepForNext() {
        let launches = waitingLaunches
        backlog.removeAll {
            switch $0 {
            case .launch, .forget: false
            case .openGate(let job), .signal(let job, _): !launches.contains(job)
            }
        }
    }

    /// Takes back a launch that waits, with what stands behind it.
    /// - Returns: whether there was one.
    mutating func takeBackLaunch(of job: String) -> Bool {
        let launch = backlog.firstIndex { if case .launch(job, _, _, _) = $0 { true } else { false } }
        guard let launch else { return false }
        let behind = backlog[launch...].filter {
            switch $0 {
            case .launch(let other, _, _, _), .openGate(let other), .signal(let other, _), .forget(let other): other != job
            }
        }
        backlog.replaceSubrange(launch..., with: behind)
        return true
    }

    /// The jobs whose launch waits.
    var waitingLaunches: Set<String> {
        Set(backlog.compactMap { if case .launch(let job, _, _, _) = $0 { job } else { nil } })
    }

    /// Tells the node what waits, as far as it goes.
    mutating func move(_ interpreter: inout Interpreter) -> Halt {
        guard let client, !backlog.isEmpty else { return .none }
        return client.together { move(client, &interpreter) }
    }

    private mutating func move(_ client: NodeClient, _ interpreter: inout Interpreter) -> Halt {
        var failed: [(job: String, message: String)] = []
        var done = 0
        defer { backlog.removeFirst(done) }
        for command in backlog {
            switch command {
            case .launch(let job, let submission, let name, let gated):
                var python = ""
                if submission.language == .python {
                    switch interpreter {
                    case .unknown:
                        interpreter = .wanted
                        return .interpreter
                    case .wanted:
                        return .none
                    case .known(.success(let path)):
                        python = path
                    case .known(.failure(let missing)):
                        failed.append((job, missing.detail))
                        done += 1
                        continue
                    }
                }
                client.launch(composer.compose(job, submission, name: name, gated: gated, python: python))
            case .openGate(let job): client.openGate(job: job)
            case .signal(let job, let signal): client.signal(job: job, signal)
            case .forget(let job): client.forget(job: job)
            }
            done += 1
        }
        return failed.isEmpty ? .none : .failed(failed)
    }
}
