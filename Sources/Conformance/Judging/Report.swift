/// The outcome of a check, as plain values: every clause of the contract is in it.
public struct Report: Sendable, Hashable {
    public var connector: String
    public var host: String
    public var platform: String
    public var clock: String
    public var seed: UInt64
    public var command: String
    public var durationSeconds: Double
    public var clauses: [ClauseResult]
    public var strict: Bool

    init(record: CheckRecord, clauses: [ClauseResult]) {
        connector = record.connector
        host = record.host
        platform = record.platform
        clock = record.clock
        seed = record.terms.seed
        command = record.command
        durationSeconds = record.durationSeconds
        strict = record.strict
        self.clauses = clauses
    }

    public enum Verdict: String, Sendable, Hashable, Codable {
        case conformant
        case notConformant = "not conformant"
        case notMeasured = "not measured"
    }

    public func count(_ verdict: ClauseResult.Verdict) -> Int { clauses.reduce(0) { $0 + ($1.verdict == verdict ? 1 : 0) } }

    public var verdict: Verdict {
        if count(.failed) > 0 || (strict && count(.warned) > 0) { return .notConformant }
        if count(.errored) > 0 || count(.passed) == 0 { return .notMeasured }
        return .conformant
    }

    /// 0 it holds, 1 the check failed, 3 could not measure.
    public var exitCode: Int32 {
        switch verdict {
        case .conformant: 0
        case .notConformant: 1
        case .notMeasured: 3
        }
    }

    /// The one command that shows this clause's result again.
    public func replay(_ clause: ClauseResult) -> String {
        "\(command) --only \(clause.replay.joined(separator: ",")) --seed \(seed)"
    }
}
