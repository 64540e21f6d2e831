/// A node of the platform, and what its jobs have of it.
public struct Node: Sendable, Hashable {
    public let name: String
    public internal(set) var condition: NodeCondition
    /// How many jobs may run on it at once.
    public let slots: Int
    /// How many jobs it was given: from their launch effect until their end.
    public internal(set) var launchedCount = 0
    /// What those jobs asked for, together.
    public internal(set) var allocated = Allocation()

    init(name: String, slots: Int, condition: NodeCondition = .up) {
        self.name = name
        self.slots = slots
        self.condition = condition
    }

    /// How many jobs occupy a slot. A node runs no more at once, whatever it was given.
    public var runningCount: Int { min(launchedCount, slots) }

    /// `node-1`, `node-2`…
    public static func name(_ number: Int) -> String { "node-\(number)" }
}

/// The nodes with their books.
struct NodeTable: Sendable, Equatable {
    /// Those of the settings, then those that the settings have no more and that jobs are still launched on.
    private var nodes: [Node]
    /// How many of them the settings have.
    private let count: Int
    private let capacity: Capacity

    init(_ settings: Settings) {
        count = max(1, settings.nodes)
        capacity = settings.capacity
        nodes = (1...count).map { Node(name: Node.name($0), slots: settings.slots) }
    }

    var current: ArraySlice<Node> { nodes.prefix(count) }
    var gone: ArraySlice<Node> { nodes.dropFirst(count) }

    var launchedCount: Int { nodes.reduce(0) { $0 + $1.launchedCount } }
    var runningCount: Int { nodes.reduce(0) { $0 + $1.runningCount } }

    /// Whether a node that is up has fewer than so many jobs.
    func hasRoom(launchedBelow most: Int) -> Bool {
        current.contains { $0.condition == .up && $0.launchedCount < most }
    }

    /// The first node that is up, has fewer than so many jobs, and enough of everything.
    func firstFit(_ asked: Allocation, launchedBelow most: Int) -> String? {
        let node = current.first {
            $0.condition == .up && $0.launchedCount < most && $0.allocated.leavesRoom(for: asked, in: capacity)
        }
        return node?.name
    }

    /// Books a job on a node, whether the settings still have that or not.
    mutating func take(_ asked: Allocation, of name: String) {
        let index = nodes.firstIndex { $0.name == name } ?? addGone(name)
        nodes[index].launchedCount += 1
        nodes[index].allocated += asked
    }

    mutating func giveBack(_ asked: Allocation, to name: String) {
        guard let index = nodes.firstIndex(where: { $0.name == name }) else {
            preconditionFailure("a job was launched on \(name), which has no books")
        }
        nodes[index].launchedCount -= 1
        nodes[index].allocated -= asked
        if index >= count && nodes[index].launchedCount == 0 { nodes.remove(at: index) }
    }

    /// False where the settings have no such node, or its condition was that already.
    mutating func change(_ name: String, to condition: NodeCondition) -> Bool {
        guard let index = current.firstIndex(where: { $0.name == name }), nodes[index].condition != condition else {
            return false
        }
        nodes[index].condition = condition
        return true
    }

    private mutating func addGone(_ name: String) -> Int {
        nodes.append(Node(name: name, slots: 0, condition: .down))
        return nodes.count - 1
    }
}
