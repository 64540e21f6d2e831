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
