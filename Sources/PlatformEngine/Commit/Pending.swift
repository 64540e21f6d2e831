import Simulation

/// An event that was reduced and is not stored yet.
struct Pending {
    /// Counts the reductions; the history's own numbers come with the commit.
    var ticket: Int64
    var event: Event
    var step: Step
    /// The state after it: what stands once it is stored.
    var after: State
    /// The client that waits for the commit; nil for the platform's own events.
    var client: Client?
    /// Clients whose events changed nothing, and whose answers stand on this event.
    var followers: [(client: Client, answer: Answer?)] = []
    /// It went to the writer.
    var isSent = false
}

/// A client that waits for its answer.
typealias Client = CheckedContinuation<Result<Answer?, PlatformError>, Never>
