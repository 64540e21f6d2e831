import Recording

/// Everything that a report is made of: what `--record` saves and `--judge` reads.
public struct CheckRecord: Sendable, Hashable, Codable {
    public static let schema = "windtunnel.recording/1"

    public var schema = CheckRecord.schema
    public var contract = Contract.version
    /// As the user named it: `acme.py:AcmeConnector`.
    public var connector: String
    /// What it ran in: `python 3.11.7`.
    public var host: String
    public var platform: String
    public var clock: String
    public var terms: Terms
    public var selection: Selection
    public var strict: Bool
    /// The command that ran it, without `--only` and `--seed`.
    public var command: String
    public var durationSeconds: Double
    public var recordings: [Recording]

    public init(
        connector: String, host: String, platform: String = "native", clock: String = "wall", terms: Terms, selection: Selection,
        strict: Bool, command: String, durationSeconds: Double = 0, recordings: [Recording] = []
    ) {
        self.connector = connector
        self.host = host
        self.platform = platform
        self.clock = clock
        self.terms = terms
        self.selection = selection
        self.strict = strict
        self.command = command
        self.durationSeconds = durationSeconds
        self.recordings = recordings
    }

    /// Judges it. The same record gives the same report.
    public func report() -> Report {
        Report(record: self, clauses: Judge(recordings: recordings, terms: terms, selection: selection).results())
    }
}
