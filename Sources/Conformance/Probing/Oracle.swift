import Recording

/// The platform's own record of what truly happened, and the power to make it hold still.
public protocol Oracle: Sendable {
    /// A fresh tenant with one token, whose jobs nobody else sees.
    func openTenant(_ name: String) async throws -> Tenant
    /// Stops whatever of that tenant's still runs.
    func closeTenant(_ tenant: Tenant) async
    func arm(_ point: HoldPoint, for tenant: Tenant) async throws -> String
    func release(_ hold: String) async throws
    /// Releases what is held and lets the tenant's jobs come to their end, for at most `patience`.
    func settle(_ tenant: Tenant, patience: Duration) async throws
    /// The tenant's jobs, in the order of submission.
    func jobs(of tenant: Tenant) async throws -> [JobTruth]
    /// Jobs of whatever tenant whose code holds `nonce`, in the order of submission.
    func jobs(containing nonce: String) async throws -> [JobTruth]
    /// Waits, without polling, until the tenant's `index`-th job (from 0) has reached `moment`. False when it has not by `patience`.
    func wait(for moment: JobMoment, index: Int, of tenant: Tenant, patience: Duration) async throws -> Bool
    func liveProcesses(ofJob id: String) async throws -> Int
    func requests(of tenant: Tenant) async throws -> [RequestSeen]
    /// Whether any job of any tenant has that id.
    func knows(job id: String) async throws -> Bool
    /// The names of the tenant's endpoints, sorted.
    func endpoints(of tenant: Tenant) async throws -> [String]
    /// The paths of the tenant's files, sorted.
    func files(of tenant: Tenant) async throws -> [String]
    /// Sends a small JSON object to the URL, with the tenant's token, and gives the answer. Nil where nobody answers, and for every URL
    /// that leads off this machine: nothing is ever sent there.
    func post(to url: String, as tenant: Tenant) async throws -> PostAnswer?
    /// Puts `count` ended jobs into the tenant's history that no process ran for. ``jobs(of:)`` leaves them out.
    func storeEndedJobs(_ count: Int, of tenant: Tenant) async throws
    /// What a job may ask for as a dependency, and what it may ask for in vain.
    var requirements: Requirements { get }
}

/// Where a hold stops the tenant's next job.
public enum HoldPoint: String, Sendable, Hashable, Codable { case pending, running, settling }

public enum JobMoment: String, Sendable, Hashable, Codable {
    /// It is on the platform.
    case exists
    /// Its process lives.
    case running
    /// Its process has ended, told or not.
    case exited
    /// It has a terminal status.
    case ended
}

/// What a POST was answered with.
public struct PostAnswer: Sendable, Hashable {
    public var status: Int
    public var body: String

    public init(status: Int, body: String) {
        self.status = status
        self.body = body
    }
}

/// Dependencies for probes, as `submit_job` takes them.
public struct Requirements: Sendable, Hashable {
    /// A requirement that the platform can install, and the module that it brings.
    public struct Available: Sendable, Hashable {
        public var requirement: String
        public var module: String
        /// What `version` of the module says where the requirement is met.
        public var version: String

        public init(requirement: String, module: String, version: String) {
            self.requirement = requirement
            self.module = module
            self.version = version
        }
    }

    /// Those of one job.
    public var available: [Available]
    /// A requirement that nobody can install.
    public var missing: String

    public init(available: [Available], missing: String) {
        self.available = available
        self.missing = missing
    }
}

public struct Tenant: Sendable, Hashable {
    public var name: String
    /// Credentials that are right, and the same with what came from the token spoiled: dicts.
    public var validCredentials: Value
    public var invalidCredentials: Value
    /// What must never show.
    public var secrets: [String]
    /// Where this run's platform listens: taken out of recordings, since it differs from run to run.
    public var endpoint: String

    public init(name: String, validCredentials: Value, invalidCredentials: Value, secrets: [String], endpoint: String) {
        self.name = name
        self.validCredentials = validCredentials
        self.invalidCredentials = invalidCredentials
        self.secrets = secrets
        self.endpoint = endpoint
    }
}
