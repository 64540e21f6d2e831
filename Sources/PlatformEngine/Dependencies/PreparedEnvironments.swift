import Synchronization

/// Which environment each job has, from when it is there until the job's end.
final class PreparedEnvironments: Sendable {
    private let byJob = Mutex<[String: String]>([:])

    /// The folder of the job's environment; nil for a job without dependencies.
    subscript(job: String) -> String? {
        get { byJob.withLock { $0[job] } }
        set { byJob.withLock { $0[job] = newValue } }
    }
}

/// The jobs whose environment is not there yet, each with what its node is to be told once it is, in order.
struct JobsInPreparation {
    private var commands: [String: [NodeLane.Command]] = [:]

    var jobs: Set<String> { Set(commands.keys) }

    func contains(_ job: String) -> Bool { commands[job] != nil }

    mutating func add(_ command: NodeLane.Command, of job: String) { commands[job, default: []].append(command) }

    /// - Returns: what its node is to be told; nil where it is not, or no longer, in preparation.
    mutating func remove(_ job: String) -> [NodeLane.Command]? { commands.removeValue(forKey: job) }
}
