import Simulation

/// What is said of a job's cost beside the figure itself. All of it is simulated.
public struct Billing: Sendable, Hashable {
    public static let currency = "USD"

    /// What an hour of its instance type costs; nil where the catalogue has no such type.
    public var hourlyCost: Double?
    public var gpuHours: Double?
    /// Why the cost is not known; nil where it is.
    public var reason: String?

    public init(_ job: JobRecord, catalogue: InstanceCatalogue = .standard) {
        let type = job.resources.instanceType
        hourlyCost = catalogue[type]?.hourlyCost
        gpuHours = job.charge?.gpuHours
        if job.charge?.cost != nil {
            reason = nil
        } else if hourlyCost == nil {
            reason = "the catalogue of instance types has no \"\(type)\""
        } else if job.status.isTerminal {
            reason = "no price of its instance type was known when the job was submitted"
        } else {
            reason = "the job has not ended"
        }
    }
}
