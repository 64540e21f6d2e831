/// One thing that was seen, by whom and when. Recordings are made of facts and nothing else.
public struct Fact: Sendable, Hashable, Codable, Identifiable {
    /// `probe/label`, the same in every run: reports and witnesses name facts by it.
    public var id: String
    /// What the probe calls it, unique in its recording.
    public var label: String
    /// Its place in the recording, from 0.
    public var sequence: Int
    /// Seconds since the recording began, when it was complete.
    public var at: Double
    public var body: Body

    public init(id: String, label: String, sequence: Int, at: Double, body: Body) {
        self.id = id
        self.label = label
        self.sequence = sequence
        self.at = at
        self.body = body
    }

    public enum Body: Sendable, Hashable, Codable {
        /// The connector was called.
        case call(Call)
        /// An attribute of a connector, or its `repr` (name `repr()`), was read.
        case attribute(instance: String, name: String, Outcome)
        /// What the platform truly knows of this recording's jobs, in the order of submission.
        case jobs([JobTruth])
        /// How many processes of a job's tree were alive, by the operating system.
        case processes(job: String, alive: Int)
        /// The requests that the platform received since the recording began, oldest first.
        case requests([RequestSeen])
        /// What the guest process says of itself.
        case guest(GuestState)
        /// What the guest found when it looked at the class and the `neural` package.
        case inspection(Inspection)
        /// Result of an extra look inside the guest, by name (see the guest's looks).
        case look(String, Value)
        /// The names of the tenant's endpoints on the platform, sorted.
        case endpoints([String])
        /// The paths of the tenant's files on the platform, sorted.
        case files([String])
        /// The harness sent a POST to a URL that the connector gave; nil where nobody on this machine answered. `holdsWord` says whether
        /// the answer had the word that was looked for; nil where none was.
        case posted(url: String, status: Int?, holdsWord: Bool? = nil)
        /// A hold was armed or released, or another step of the harness itself.
        case harness(String)
        /// The probe could not go on: why, and the label of the fact that stopped it.
        case stopped(reason: String, by: String?)
    }
}

/// A job as the platform's own record has it.
public struct JobTruth: Sendable, Hashable, Codable {
    public var id: String
    public var name: String
    /// pending, running, succeeded, failed, cancelled: the platform always knows.
    public var status: String
    /// Whether a process of it was ever started.
    public var started: Bool
    /// Whether its process has ended, told or not.
    public var exitSeen: Bool
    public var exitCode: Int?
    public var signal: Int?
    /// The platform's own word for why it failed (`exit`, `signal`, `launch_failed`, `node_lost`, `platform_stopped`), where it did.
    public var errorCode: String?
    /// What the platform received: code, language, environment, resources as a dict of the contract's names.
    public var code: String
    public var language: String
    public var environment: [Value.Pair]
    public var resources: [Value.Pair]
    /// The process's own wall time, and created to finished, in seconds.
    public var wallSeconds: Double?
    public var createdToFinishedSeconds: Double?
    /// What it wrote so far.
    public var standardOutput: String
    public var standardError: String

    public init(
        id: String, name: String, status: String, started: Bool, exitSeen: Bool, exitCode: Int? = nil, signal: Int? = nil,
        errorCode: String? = nil, code: String = "", language: String = "python", environment: [Value.Pair] = [], resources: [Value.Pair] = [],
        wallSeconds: Double? = nil, createdToFinishedSeconds: Double? = nil, standardOutput: String = "", standardError: String = ""
    ) {
        self.id = id
        self.name = name
        self.status = status
        self.started = started
        self.exitSeen = exitSeen
        self.exitCode = exitCode
        self.signal = signal
        self.errorCode = errorCode
        self.code = code
        self.language = language
        self.environment = environment
        self.resources = resources
        self.wallSeconds = wallSeconds
        self.createdToFinishedSeconds = createdToFinishedSeconds
        self.standardOutput = standardOutput
        self.standardError = standardError
    }

    public var isTerminal: Bool { ["succeeded", "failed", "cancelled"].contains(status) }
}

/// A request that reached the platform. Bodies and secrets are not kept.
public struct RequestSeen: Sendable, Hashable, Codable {
    public var method: String
    public var path: String
    public var status: Int
    /// Seconds since the recording began.
    public var at: Double
    /// How many jobs the answer listed; nil where it was no list of jobs.
    public var rows: Int?

    public init(method: String, path: String, status: Int, at: Double, rows: Int? = nil) {
        self.method = method
        self.path = path
        self.status = status
        self.at = at
        self.rows = rows
    }
}

/// The guest process's own state, for the clauses about etiquette.
public struct GuestState: Sendable, Hashable, Codable {
    public var threads: Int
    public var sockets: Int
    public var temporaryFiles: Int
    /// What was written to stdout and stderr since the session began (warnings go through `logging`).
    public var printedToStdout: String
    public var printedToStderr: String
    /// Records that went through `logging`, formatted, oldest first.
    public var logLines: [String]

    public init(
        threads: Int, sockets: Int, temporaryFiles: Int, printedToStdout: String, printedToStderr: String, logLines: [String]
    ) {
        self.threads = threads
        self.sockets = sockets
        self.temporaryFiles = temporaryFiles
        self.printedToStdout = printedToStdout
        self.printedToStderr = printedToStderr
        self.logLines = logLines
    }
}

/// What the guest found when it looked at the connector's class and at the `neural` package it uses.
public struct Inspection: Sendable, Hashable, Codable {
    /// Optional methods that the class (or a base other than BaseConnector) defines itself.
    public var overridden: [String]
    /// True where `neural.integrations` is the user's own, false where it is the harness's.
    public var ownNeural: Bool
    /// Python's version, `3.11.2`.
    public var python: String
    /// Looks at the `neural` package: name and finding, as the guest's `inspect.py` documents.
    public var neural: [Value.Field]

    public init(overridden: [String], ownNeural: Bool, python: String, neural: [Value.Field]) {
        self.overridden = overridden
        self.ownNeural = ownNeural
        self.python = python
        self.neural = neural
    }
}
