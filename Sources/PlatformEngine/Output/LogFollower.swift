import Simulation

/// Gives what a job writes, as it comes, until the job has ended.
///
///     var log = try await engine.followLog(.combined, ofJob: id, tenant: tenant)
///     while let parts = try await log.next() { … }
///
/// A job writes to files, of which nobody tells when they grow: so somebody has to look, as long as somebody follows.
public struct LogFollower: Sendable {
    /// How long it waits between two looks, and how many times as long as a look took it waits at least.
    static let waitSeconds = 0.05
    static let waitFactor = 10

    let engine: Engine
    let stream: LogStream
    let job: String
    let tenant: Tenant
    /// Bytes that were given, or are to be left out.
    var offset: Int64
    /// Looked at between two waits: true ends it.
    var isOver: @Sendable () -> Bool

    /// What came since the last call; waits until there is something.
    ///
    /// - Returns: nil after the job's end, and where it is over.
    /// - Throws: `CancellationError`; `PlatformError` when the history cannot be read.
    public mutating func next() async throws -> FileParts? {
        while !isOver() {
            let begin = ContinuousClock.now
            // The end is asked for first: what is read behind it is all.
            let hasEnded = try await engine.job(job, tenant: tenant).status.isTerminal
            let parts = engine.logs.read(stream, ofJob: job, hasEnded: hasEnded, offset: offset)
            if parts.length > 0 {
                offset += parts.length
                return parts
            }
            if hasEnded { return nil }
            // A log that takes long to look at, since it is long, is looked at less often.
            try await Task.sleep(for: max(.seconds(Self.waitSeconds), (ContinuousClock.now - begin) * Self.waitFactor))
        }
        return nil
    }
}

extension Engine {
    /// What a job wrote and will write, from `offset` bytes on.
    ///
    /// - Parameter isOver: asked between two looks; true ends it before the job's end.
    /// - Throws: `notFound`.
    public nonisolated func followLog(
        _ stream: LogStream, ofJob id: String, tenant: Tenant, offset: Int64 = 0, isOver: @escaping @Sendable () -> Bool = { false }
    ) async throws(PlatformError) -> LogFollower {
        _ = try await job(id, tenant: tenant)
        return LogFollower(engine: self, stream: stream, job: id, tenant: tenant, offset: offset, isOver: isOver)
    }
}
