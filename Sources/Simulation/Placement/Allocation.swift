/// An amount of each resource that a node has for its jobs together.
///
/// Kept in whole millionths, so that what a job took and gave back leaves exactly what was there before, in whatever
/// order jobs come and go.
public struct Allocation: Sendable, Hashable {
    var cpuMillionths: Int64 = 0
    var memoryMillionths: Int64 = 0
    public private(set) var gpus: Int64 = 0

    public init() {}

    public var cpus: Double { Double(cpuMillionths) / Self.unit }
    public var memoryGB: Double { Double(memoryMillionths) / Self.unit }

    /// What a job takes of its node. What it did not ask for counts as nothing.
    init(_ resources: Resources) {
        cpuMillionths = Self.millionths(resources.cpuCount)
        memoryMillionths = Self.millionths(resources.memoryGB)
        gpus = Int64(max(0, resources.gpuCount))
    }

    static func += (left: inout Allocation, right: Allocation) {
        left.cpuMillionths += right.cpuMillionths
        left.memoryMillionths += right.memoryMillionths
        left.gpus += right.gpus
    }

    static func -= (left: inout Allocation, right: Allocation) {
        left.cpuMillionths -= right.cpuMillionths
        left.memoryMillionths -= right.memoryMillionths
        left.gpus -= right.gpus
    }

    /// Whether `more` can be had beside this, of all that is counted.
    func leavesRoom(for more: Allocation, in capacity: Capacity) -> Bool {
        func fits(_ used: Int64, _ wanted: Int64, _ most: Int64?) -> Bool {
            guard let most, wanted > 0 else { return true }
            return used + wanted <= most
        }
        return fits(cpuMillionths, more.cpuMillionths, capacity.cpus.map(Self.millionths))
            && fits(memoryMillionths, more.memoryMillionths, capacity.memoryGB.map(Self.millionths))
            && fits(gpus, more.gpus, capacity.gpus.map(Int64.init))
    }

    private static let unit = 1_000_000.0

    /// Amounts beyond this are one and the same: no machine has as much, and sums of them cannot overflow.
    private static let most = 1e12

    private static func millionths(_ amount: Double?) -> Int64 {
        guard let amount, amount > 0 else { return 0 }
        return Int64(min((amount * unit).rounded(), most))
    }
}

extension Capacity {
    /// Some resource is counted.
    var isCounted: Bool { cpus != nil || memoryGB != nil || gpus != nil }

    /// Why a job can never be placed, even on an empty node; nil when it can.
    func misfit(of resources: Resources) -> String? {
        let asked = Allocation(resources)
        if Allocation().leavesRoom(for: asked, in: self) { return nil }
        if let cpus, let count = resources.cpuCount, count > cpus {
            return "resources.cpu_count: the job asks for \(number(count)) CPUs, and a node has \(number(cpus)) at most"
        }
        if let memoryGB, let memory = resources.memoryGB, memory > memoryGB {
            return "resources.memory_gb: the job asks for \(number(memory)) GB, and a node has \(number(memoryGB)) GB at most"
        }
        return "resources.gpu_count: the job asks for \(resources.gpuCount) GPUs, and a node has \(gpus ?? 0) at most"
    }
}

/// As people write it: whole numbers without a fraction.
func number(_ value: Double) -> String {
    if let whole = Int64(exactly: value) { return "\(whole)" }
    return "\(value)"
}
