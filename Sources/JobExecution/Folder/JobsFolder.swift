/// Where jobs keep what is theirs: a folder each, wherever they run.
///
///     <job>/stdout, stderr
///     <job>/combined.index   in which order the two grew (`LogOrder`), where that was seen
///     <job>/log.limit        how many bytes of each are kept, where one was longer (`LogLimit`)
///     <job>/work/            the working folder
///     <job>/gate             a FIFO while the job's gate is closed, a file with one byte once it is open
///
/// Output and working folder stay for whoever owns the history.
public struct JobsFolder: Sendable, Hashable {
    public let path: String

    /// It makes no folder: what is only read may be gone, or read-only.
    public init(path: String) { self.path = path }

    public func folder(ofJob job: String) -> String { "\(path)/\(job)" }
    public func workFolder(ofJob job: String) -> String { "\(folder(ofJob: job))/work" }
    public func standardOutput(ofJob job: String) -> String { "\(folder(ofJob: job))/stdout" }
    public func standardError(ofJob job: String) -> String { "\(folder(ofJob: job))/stderr" }
    public func logOrder(ofJob job: String) -> String { "\(folder(ofJob: job))/combined.index" }
    public func logLimit(ofJob job: String) -> String { "\(folder(ofJob: job))/log.limit" }
}
