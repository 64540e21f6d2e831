/// What a tenant's ended jobs came to.
public struct Account: Sendable, Hashable, Codable {
    public var succeeded: Int64 = 0
    public var failed: Int64 = 0
    public var cancelled: Int64 = 0
    public var wallSeconds = 0.0
    /// User and system time.
    public var cpuSeconds = 0.0
    public var readBytes: Int64 = 0
    public var writtenBytes: Int64 = 0
    public var gpuHours = 0.0
    /// In USD, simulated.
    public var cost = 0.0

    public init() {}

    /// Books a job that has ended. Figures that are not known count as nothing.
    public mutating func add(_ job: JobRecord) {
        switch job.status {
        case .succeeded: succeeded += 1
        case .failed: failed += 1
        case .cancelled: cancelled += 1
        case .pending, .running: return
        }
        wallSeconds += job.usage?.wallSeconds ?? 0
        cpuSeconds += (job.usage?.cpuUserSeconds ?? 0) + (job.usage?.cpuSystemSeconds ?? 0)
        readBytes += job.usage?.readBytes ?? 0
        writtenBytes += job.usage?.writtenBytes ?? 0
        gpuHours += job.charge?.gpuHours ?? 0
        cost += job.charge?.cost ?? 0
    }
}
