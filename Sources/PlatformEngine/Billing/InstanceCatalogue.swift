import Simulation

/// A kind of machine, and what an hour of it cost when the catalogue was made.
public struct InstanceType: Sendable, Hashable {
    public var provider: String
    /// The provider's name for it, which is the one that a job asks for.
    public var name: String
    public var vcpus: Int
    public var memoryGB: Double
    public var gpus: Int
    public var gpuModel: String?
    /// USD, on demand.
    public var hourlyCost: Double
    public var region: String
    /// The day of that price, such as `2024-06-01`.
    public var pricedOn: String
}

/// What instance types cost. Prices as the providers published them at their dates; nobody pays them here: costs are simulated.
public struct InstanceCatalogue: Sendable {
    /// That of this program.
    public static let standard = InstanceCatalogue(csv: InstanceTable.csv)

    /// In the order of the table.
    public let all: [InstanceType]
    private let byName: [String: InstanceType]

    /// - Parameter csv: one line for an instance type, behind a line of headings.
    init(csv: String) {
        all = csv.split(separator: "\n").dropFirst().compactMap { InstanceType(row: $0) }
        byName = Dictionary(all.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    }

    public subscript(name: String) -> InstanceType? { byName[name] }

    func rate(of resources: Resources) -> Rate? {
        self[resources.instanceType].map { Rate(hourlyCost: $0.hourlyCost) }
    }
}

extension InstanceType {
    fileprivate init?(row: Substring) {
        let cells = row.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        guard cells.count == 9, let vcpus = Int(cells[2]), let memory = Double(cells[3]), let gpus = Int(cells[4]),
            let cost = Double(cells[6])
        else { return nil }
        self.init(
            provider: cells[0], name: cells[1], vcpus: vcpus, memoryGB: memory, gpus: gpus,
            gpuModel: cells[5].isEmpty ? nil : cells[5], hourlyCost: cost, region: cells[7], pricedOn: cells[8])
    }
}
