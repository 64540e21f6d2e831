import Recording

/// What came of one clause in one check.
public struct ClauseResult: Sendable, Hashable {
    public var id: String
    public var level: Contract.Level
    public var title: String
    public var verdict: Verdict
    /// One line, where there is something to say.
    public var reason: String?
    /// `SUB-01/returned-none`, where it failed or warned.
    public var breach: String?
    public var expected: String?
    public var seen: String?
    /// Why it could not be tested.
    public var because: Because?
    /// The clause that failed and blocks this one.
    public var blockedBy: String?
    /// Ids of the facts that made its premise true, where it passed.
    public var witness: [String]?
    /// The facts to show with a breach: calls, and what the platform and the operating system saw, in order.
    public var facts: [Fact]
    /// The clauses to run to see the same again.
    public var replay: [String]
    public var durationSeconds: Double

    init(_ row: Contract.Row, _ verdict: Verdict, reason: String? = nil, because: Because? = nil, blockedBy: String? = nil) {
        id = row.id
        level = row.level
        title = row.title
        self.verdict = verdict
        self.reason = reason
        self.because = because
        self.blockedBy = blockedBy
        facts = []
        replay = [row.id]
        durationSeconds = 0
    }

    public enum Verdict: String, Sendable, Hashable, Codable, CaseIterable {
        case passed, failed, warned, noted
        case notApplicable = "not_applicable"
        case notTestable = "not_testable"
        case skipped, errored
    }

    public enum Because: String, Sendable, Hashable, Codable {
        /// The platform behind the connector cannot show it.
        case platform
        /// A clause that it builds on failed.
        case blocked
        case notBuilt = "not_built"
    }

    var isBreach: Bool { verdict == .failed || verdict == .warned }
}
