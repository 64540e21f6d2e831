/// What one probe saw, in order.
public struct Recording: Sendable, Hashable, Codable {
    /// The probe's name, such as `exit-codes`.
    public var probe: String
    public var facts: [Fact]
    /// What went wrong with the harness itself, nil where nothing did. Never the connector's fault.
    public var fault: String?
    public var durationSeconds: Double

    public init(probe: String, facts: [Fact] = [], fault: String? = nil, durationSeconds: Double = 0) {
        self.probe = probe
        self.facts = facts
        self.fault = fault
        self.durationSeconds = durationSeconds
    }

    public func fact(_ label: String) -> Fact? { facts.first { $0.label == label } }

    /// Why the probe ended early, nil when it ran to its end.
    public var stop: (fact: Fact, reason: String, by: String?)? {
        for fact in facts {
            if case .stopped(let reason, let by) = fact.body { return (fact, reason, by) }
        }
        return nil
    }

    /// Every call in it, in order, with its fact.
    public var calls: [(fact: Fact, call: Call)] {
        facts.compactMap { fact in
            if case .call(let call) = fact.body { (fact, call) } else { nil }
        }
    }
}
