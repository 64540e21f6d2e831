/// The connector contract: its version, its rows, and which of them are judged here.
public enum Contract {
    public static let version = "1.0"

    /// One numbered row of the contract.
    public struct Row: Sendable, Hashable {
        public let id: String
        public let level: Level
        /// What holds, in one sentence.
        public let title: String
        public let basis: Basis
        public let needs: [Need]

        init(_ id: String, _ level: Level, _ title: String, _ basis: Basis, _ needs: [Need]) {
            self.id = id
            self.level = level
            self.title = title
            self.basis = basis
            self.needs = needs
        }

        /// `SUB` of `SUB-05`.
        public var family: String { String(id.prefix { $0 != "-" }) }
    }

    /// How much a clause weighs: a MUST fails, a SHOULD warns, an INFO notes.
    public enum Level: String, Sendable, Hashable, Codable, CaseIterable {
        case must = "MUST"
        case should = "SHOULD"
        case info = "INFO"
    }

    /// Where a clause comes from.
    public enum Basis: String, Sendable, Hashable, Codable {
        /// The guide says it.
        case guide = "G"
        /// The contract's own docstrings say it.
        case docstring = "D"
        /// What any caller would expect.
        case inferred = "I"
    }

    /// What is needed to judge a clause.
    public enum Need: String, Sendable, Hashable, Codable {
        case jobs = "J"
        case faults = "F"
        case oracle = "O"
        case secondInstance = "X"
        case clock = "C"
        case home = "D"
    }

    /// The row of that id, nil where the contract has none.
    public static func row(_ id: String) -> Row? { rowsByID[id] }

    private static let rowsByID = Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
}
