/// How the core and a node are brought into agreement after one of them, or the line between them, broke down.
///
/// Three parties know of a job: the core, which has ordered its launch and not heard of its end; the node, which keeps
/// what it heard and did on disk; and what still waits to be sent. Out of these comes what to do so that no job is lost and
/// none is run twice: the events to feed, what to order once more, and what the node shall forget.
public struct NodeAgreement: Sendable, Hashable {
    /// What a node says of a job. Of a job that it never heard of, it says nothing.
    public enum Known: Sendable, Hashable {
        case running
        /// It waits there for a slot.
        case queued
        /// Its process has ended, and was never told of, or its end was not stored.
        case ended(Exit)
        /// Its process could not be started.
        case launchFailed(message: String)
        /// An earlier life of the node started it, and its end is unknown.
        case lost
    }

    /// To feed, in order: that of the oldest job first.
    public var events: [Event.Body] = []
    /// What the node never heard of, to be launched before anything that waits.
    public var launches: [LaunchedJob] = []
    /// What runs or waits at the node, and was told to end: the order may have been lost on its way, and its grace period is over.
    public var kills: [String] = []
    /// What the core has no job for, to be killed and forgotten before anything is launched: it ended, and the word to
    /// forget it was lost, or it is of an earlier attempt.
    public var strangers: [String] = []

    /// - Parameters:
    ///   - launched: what the core thinks is on the node, oldest first. Core and history agree: only what is stored.
    ///   - known: what the node knows, by job.
    ///   - waiting: jobs whose launch is still to be sent to the node.
    public init(launched: [LaunchedJob], known: [String: Known], waiting: Set<String>) {
        for job in launched where !waiting.contains(job.id) {
            switch known[job.id] {
            case .running:
                events.append(.processStarted(job: job.id))
                if job.isToBeKilled { kills.append(job.id) }
            case .queued: if job.isToBeKilled { kills.append(job.id) }
            case .ended(let exit): events.append(.processExited(job: job.id, exit))
            case .launchFailed(let message): events.append(.launchFailed(job: job.id, message: message))
            case .lost: events.append(.nodeLost(job: job.id))
            // The order to end it may be lost with the node. And one that was seen to run is never run again as if it had not been: a power
            // cut may have taken the node's notes.
            case nil where job.isToEnd || job.hasStarted: events.append(.nodeLost(job: job.id))
            case nil: launches.append(job)
            }
        }
        let ours = Set(launched.map(\.id)).subtracting(waiting)
        strangers = known.keys.filter { !ours.contains($0) }.sorted()
    }
}
