/// What can be done with a node.
public enum NodeCondition: String, Sendable, Hashable, Codable, CaseIterable {
    /// It takes jobs.
    case up
    /// It finishes the jobs that it has, and takes no more.
    case draining
    /// It stands still with all its jobs, and takes no more.
    case paused
    /// It is gone. Its jobs are lost.
    case down
}
