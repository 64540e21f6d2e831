/// The price of an instance type, as the catalogue had it when the job was submitted: the core knows no catalogue.
public struct Rate: Sendable, Hashable, Codable {
    /// USD for an hour.
    public var hourlyCost: Double

    public init(hourlyCost: Double) { self.hourlyCost = hourlyCost }
}

/// What a job cost. Simulated: nobody pays it.
public struct Charge: Sendable, Hashable, Codable {
    /// GPUs asked for × hours run.
    public var gpuHours: Double
    /// In USD: hours run × the hourly price; nil where the instance type is in no catalogue.
    public var cost: Double?

    public init(gpuHours: Double, cost: Double?) {
        self.gpuHours = gpuHours
        self.cost = cost
    }
}

extension Charge {
    /// What a job that has ended came to: for the time its process ran where that was measured, otherwise, and where it ran
    /// more than once, from its start to its end; nothing when it never started.
    init(_ job: JobRecord, rate: Rate?) {
        var seconds = 0.0
        if job.attempt == 1, let wall = job.usage?.wallSeconds, wall >= 0, wall.isFinite {
            seconds = wall
        } else if let started = job.startedAt, let finished = job.finishedAt {
            seconds = max(0, finished.seconds(since: started))
        }
        let hours = seconds / 3600
        self.init(gpuHours: Double(max(0, job.resources.gpuCount)) * hours, cost: rate.map { hours * $0.hourlyCost })
    }
}
