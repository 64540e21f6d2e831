import Dispatch
import JobExecution
import Simulation

/// Where a node is, and how it is had.
struct NodePlace: Sendable {
    var name: String
    var folder: NodeFolder
    /// The `windtunnel` program.
    var executable: String
    var slots: Int
    var accounting: Accounting

    /// Connects to the living node, or starts one, and asks what it knows.
    func reach() async throws -> ReachedNode {
        let client = try await NodeClient.connectOrStart(
            folder: folder.path, jobs: folder.jobs, name: name, executable: executable, accounting: accounting)
        client.limit(slots: slots)
        if let left = client.reconciliation { return ReachedNode(client: client, known: left.knownJobs) }
        return ReachedNode(client: client, known: try await client.report().knownJobs)
    }

    /// Ends what a dead node has left, and tells what became of its jobs.
    func reconcile() async throws -> KnownJobs {
        try await Self.blocking { [folder] in try folder.reconcile() }.knownJobs
    }

    /// Runs what blocks on a thread of Dispatch: the cooperative ones are few.
    static func blocking<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global().async { continuation.resume(with: Result { try body() }) }
        }
    }
}

/// A connected node, and the jobs it knew at that moment.
struct ReachedNode: Sendable {
    var client: NodeClient
    var known: KnownJobs
}

/// What a node knows, by job.
typealias KnownJobs = [String: NodeAgreement.Known]

extension Reconciliation {
    var knownJobs: KnownJobs {
        let known = jobs.map { entry -> (String, NodeAgreement.Known) in
            switch entry.outcome {
            case .ended(let exit): (entry.job, exit.known)
            case .lost: (entry.job, .lost)
            }
        }
        return Dictionary(known) { first, _ in first }
    }
}

extension [NodeReportEntry] {
    var knownJobs: KnownJobs {
        let known = map { entry -> (String, NodeAgreement.Known) in
            switch entry.state {
            case .running: (entry.job, .running)
            case .queued: (entry.job, .queued)
            case .ended(let exit): (entry.job, exit.known)
            case .lost: (entry.job, .lost)
            }
        }
        return Dictionary(known) { first, _ in first }
    }
}

extension JobExit {
    /// An end that nobody heard of when it happened.
    var known: NodeAgreement.Known {
        launchError.map { .launchFailed(message: $0) } ?? .ended(exit(wasMissed: true))
    }

    /// How the job's process ended, to the core.
    ///
    /// - Parameter wasMissed: nobody heard of it when it happened, so that only the node knows when that was.
    func exit(wasMissed: Bool) -> Exit {
        let usage = Usage(
            wallSeconds: wallSeconds, cpuUserSeconds: cpuUserSeconds, cpuSystemSeconds: cpuSystemSeconds,
            maxRSSBytes: maxRSSBytes, readBytes: readBytes, writtenBytes: writtenBytes, source: source, unknown: unknown)
        let bound = boundHit.map { hit in
            switch hit {
            case .memory: Bound.memory
            case .disk: Bound.disk
            }
        }
        var exit = Exit(code: exitCode, signal: signal, bound: bound, usage: usage)
        if wasMissed {
            exit.startedAt = Timestamp(milliseconds: startedAtMilliseconds)
            exit.endedAt = Timestamp(milliseconds: endedAtMilliseconds)
        }
        return exit
    }
}
