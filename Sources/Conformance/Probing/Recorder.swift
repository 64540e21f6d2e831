import Recording

/// Writes down what a probe sees, in order.
actor Recorder {
    private let probe: String
    private let redaction: Redaction
    private let began = ContinuousClock.now
    private var facts: [Fact] = []
    private var labels: Set<String> = []
    /// Whether a status was waited for in vain: the next one is not waited for as long.
    private(set) var hasWaitedInVain = false

    init(probe: String, redaction: Redaction) {
        self.probe = probe
        self.redaction = redaction
    }

    /// Seconds since the recording began.
    nonisolated func now() -> Double {
        let elapsed = began.duration(to: .now).components
        return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
    }

    func waitedInVain() { hasWaitedInVain = true }

    /// A label that stands already gets a number behind it, so that every label stays unique.
    @discardableResult
    func add(_ label: String, _ body: Fact.Body) -> Fact {
        var unique = label
        var count = 1
        while labels.contains(unique) {
            count += 1
            unique = "\(label)~\(count)"
        }
        labels.insert(unique)
        let fact = Fact(id: "\(probe)/\(unique)", label: unique, sequence: facts.count, at: now(), body: redaction.clean(body))
        facts.append(fact)
        return fact
    }

    func recording(fault: String? = nil) -> Recording {
        Recording(probe: probe, facts: facts, fault: fault, durationSeconds: now())
    }
}
