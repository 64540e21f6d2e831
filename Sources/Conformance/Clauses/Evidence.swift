import Recording

/// Everything that clauses may look at: the recordings of one check, and what was declared beforehand.
public struct Evidence: Sendable {
    /// In the order of the probe list.
    public let recordings: [Recording]
    public let terms: Terms

    public init(recordings: [Recording], terms: Terms) {
        self.recordings = recordings
        self.terms = terms
    }

    /// - Throws: ``PremiseMissing`` where that probe was not run.
    public func recording(_ probe: any Probe.Type) throws -> Recording {
        guard let recording = recordings.first(where: { $0.probe == probe.name }) else {
            throw PremiseMissing(reason: "the probe \(probe.name) was not run", by: nil)
        }
        return recording
    }

    /// Every call of the method in every recording, in order.
    public func calls(of method: Method) -> [CallFact] {
        recordings.flatMap { recording in
            recording.calls.filter { $0.call.method == method.rawValue }.map { CallFact(fact: $0.fact, call: $0.call) }
        }
    }
}

/// What the connector's author declared: part of every saved recording, so that judging again gives the same report.
public struct Terms: Sendable, Hashable, Codable {
    /// Capabilities declared off, with the reason.
    public var off: [Capability: String]
    /// The connector refuses more GPUs than this.
    public var maxGPUs: Int
    public var seed: UInt64

    public init(off: [Capability: String] = [:], maxGPUs: Int = 8, seed: UInt64 = 1) {
        self.off = off
        self.maxGPUs = maxGPUs
        self.seed = seed
    }
}

/// The recording does not reach the point that a clause is about.
public struct PremiseMissing: Error, Sendable {
    /// One line: what is missing and why.
    public var reason: String
    /// The fact that stopped the probe, where one did.
    public var by: Fact?
    /// The clause that says what is wrong here, where that is known.
    public var clause: String?

    public init(reason: String, by: Fact?, clause: String? = nil) {
        self.reason = reason
        self.by = by
        self.clause = clause
    }
}

/// A call with its fact.
public struct CallFact: Sendable, Hashable {
    public let fact: Fact
    public let call: Call

    public var outcome: Outcome { call.outcome }
    public var value: Value? { call.outcome.value }
    public var raised: Raised? { call.outcome.raised }
}

extension Recording {
    /// The call of that label.
    /// - Throws: ``PremiseMissing``, with the fact that stopped the probe.
    public func call(_ label: String) throws -> CallFact {
        guard let fact = fact(label), case .call(let call) = fact.body else { throw missing(label) }
        return CallFact(fact: fact, call: call)
    }

    /// The platform's record of this recording's jobs, taken at that label.
    public func jobs(_ label: String) throws -> (fact: Fact, jobs: [JobTruth]) {
        guard let fact = fact(label), case .jobs(let jobs) = fact.body else { throw missing(label) }
        return (fact, jobs)
    }

    public func processes(_ label: String) throws -> (fact: Fact, alive: Int) {
        guard let fact = fact(label), case .processes(_, let alive) = fact.body else { throw missing(label) }
        return (fact, alive)
    }

    public func requests(_ label: String) throws -> (fact: Fact, requests: [RequestSeen]) {
        guard let fact = fact(label), case .requests(let requests) = fact.body else { throw missing(label) }
        return (fact, requests)
    }

    public func guest(_ label: String) throws -> (fact: Fact, state: GuestState) {
        guard let fact = fact(label), case .guest(let state) = fact.body else { throw missing(label) }
        return (fact, state)
    }

    public func inspection(_ label: String) throws -> (fact: Fact, inspection: Inspection) {
        guard let fact = fact(label), case .inspection(let inspection) = fact.body else { throw missing(label) }
        return (fact, inspection)
    }

    public func attribute(_ label: String) throws -> (fact: Fact, outcome: Outcome) {
        guard let fact = fact(label), case .attribute(_, _, let outcome) = fact.body else { throw missing(label) }
        return (fact, outcome)
    }

    public func look(_ label: String) throws -> (fact: Fact, value: Value) {
        guard let fact = fact(label), case .look(_, let value) = fact.body else { throw missing(label) }
        return (fact, value)
    }

    /// Why there is no such step: what stopped the probe, where something did.
    func missing(_ label: String) -> PremiseMissing {
        guard let stop else { return PremiseMissing(reason: "the probe \(probe) has no step \(label)", by: nil) }
        return PremiseMissing(reason: stop.reason, by: stop.by.flatMap { fact($0) } ?? stop.fact)
    }
}
