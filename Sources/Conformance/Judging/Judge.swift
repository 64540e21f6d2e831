import Recording

/// Judges recordings. Pure: the same recordings and terms give the same results.
public struct Judge: Sendable {
    private let evidence: Evidence
    private let selection: Selection

    public init(recordings: [Recording], terms: Terms, selection: Selection = Selection()) {
        evidence = Evidence(recordings: recordings, terms: terms)
        self.selection = selection
    }

    /// A result for every row of the contract, in its order.
    public func results() -> [ClauseResult] {
        var judged: [String: ClauseResult] = [:]
        return Contract.rows.map { row in
            guard Contract.clause(row.id) != nil else { return ClauseResult(row, .notTestable, because: .notBuilt) }
            let result = resolve(row, &judged)
            return selection.includes(row) ? result : ClauseResult(row, .skipped)
        }
    }

    /// The row's result, after those that it builds on.
    private func resolve(_ row: Contract.Row, _ judged: inout [String: ClauseResult]) -> ClauseResult {
        if let known = judged[row.id] { return known }
        guard let clause = Contract.clause(row.id) else { return ClauseResult(row, .notTestable, because: .notBuilt) }
        judged[row.id] = ClauseResult(row, .errored, reason: "\(row.id) builds on itself")
        var blocker: String?
        for base in clause.buildsOn where blocker == nil {
            guard let baseRow = Contract.row(base), wasRun(base) else { continue }
            blocker = resolve(baseRow, &judged).blocker
        }
        var result = blocker.map { blocked(row, by: $0) } ?? judge(clause, row, &judged)
        result.durationSeconds = clause.probes.reduce(0) { sum, probe in
            sum + (evidence.recordings.first { $0.probe == probe.name }?.durationSeconds ?? 0)
        }
        judged[row.id] = result
        return result
    }

    private func judge(_ clause: any Clause.Type, _ row: Contract.Row, _ judged: inout [String: ClauseResult]) -> ClauseResult {
        if let capability = clause.capability, let reason = evidence.terms.off[capability] {
            return ClauseResult(row, .notApplicable, reason: "\(capability.rawValue) is declared off: \(reason)")
        }
        guard wasRun(row.id) else { return ClauseResult(row, .skipped) }
        for probe in clause.probes {
            if let fault = evidence.recordings.first(where: { $0.probe == probe.name })?.fault {
                return ClauseResult(row, .errored, reason: "the harness failed: \(fault)")
            }
        }
        do {
            return try find(clause, row)
        } catch let missing as PremiseMissing {
            return unreached(row, missing, &judged)
        } catch {
            return ClauseResult(row, .errored, reason: "the clause failed: \(error)")
        }
    }

    private func find<C: Clause>(_ clause: C.Type, _ row: Contract.Row) throws -> ClauseResult {
        switch try clause.judge(evidence) {
        case .holds(let witness):
            var result = ClauseResult(row, row.level == .info ? .noted : .passed)
            result.witness = witness.facts
            return result
        case .noted(let remark, let witness):
            // A remark on something that holds: it passes, with the remark as its reason.
            var result = ClauseResult(row, row.level == .info ? .noted : .passed, reason: remark)
            result.witness = witness.facts
            return result
        case .notApplicable(let reason):
            return ClauseResult(row, .notApplicable, reason: reason)
        case .breached(let breach, let failure):
            return breached(clause, row, breach.rawValue, failure)
        }
    }

    private func breached(_ clause: any Clause.Type, _ row: Contract.Row, _ code: String, _ failure: Failure) -> ClauseResult {
        var result = ClauseResult(row, row.level.breachVerdict, reason: failure.reason)
        result.breach = "\(row.id)/\(code)"
        result.expected = failure.expected
        result.seen = failure.seen
        result.facts = failure.facts + platformFacts(beside: failure.facts)
        let probes = Set(failure.facts.compactMap { $0.id.split(separator: "/").first.map(String.init) })
        let own = Set(clause.probes.map { $0.name })
        // What was seen in another clause's probe is seen again only where that clause runs too.
        for name in probes.subtracting(own).sorted() {
            if let other = Contract.clauses.first(where: { $0.probes.contains { $0.name == name } }) { result.replay.append(other.id) }
        }
        return result
    }

    /// What the platform saw in the same recording, where the clause itself shows nothing of it.
    private func platformFacts(beside facts: [Fact]) -> [Fact] {
        let shown = facts.contains { fact in
            switch fact.body {
            case .jobs, .processes, .requests: true
            default: false
            }
        }
        guard !shown, let last = facts.last, let recording = evidence.recordings.first(where: { last.id.hasPrefix("\($0.probe)/") })
        else { return [] }
        return ["jobs at the end", "requests at the end"].compactMap { recording.fact($0) }
    }

    /// The recording never reached the point: because of a clause that failed, or of the harness.
    private func unreached(_ row: Contract.Row, _ missing: PremiseMissing, _ judged: inout [String: ClauseResult]) -> ClauseResult {
        let stop = Stop(missing, in: evidence)
        for suspect in stop.suspects where suspect != row.id {
            guard let suspectRow = Contract.row(suspect), wasRun(suspect) else { continue }
            if let blocker = resolve(suspectRow, &judged).blocker { return blocked(row, by: blocker, reason: missing.reason) }
        }
        // What the connector itself was seen to do is no failure of the harness, also where the clause about it was not run.
        // A clause that was run and holds blocks nothing.
        if let culprit = stop.culprit, culprit != row.id, !wasRun(culprit) || blocks(culprit, &judged) {
            return blocked(row, by: culprit, reason: missing.reason)
        }
        return ClauseResult(row, .errored, reason: missing.reason)
    }

    private func blocks(_ id: String, _ judged: inout [String: ClauseResult]) -> Bool {
        Contract.row(id).map { resolve($0, &judged).blocker != nil } ?? false
    }

    private func blocked(_ row: Contract.Row, by blocker: String, reason: String? = nil) -> ClauseResult {
        ClauseResult(row, .notTestable, reason: reason, because: .blocked, blockedBy: blocker)
    }

    /// Whether each probe of that clause has a recording.
    private func wasRun(_ id: String) -> Bool {
        Contract.clause(id)?.probes.allSatisfy { probe in evidence.recordings.contains { $0.probe == probe.name } } ?? false
    }
}

extension ClauseResult {
    /// The clause that whatever builds on this one is blocked by; nil where nothing is in the way.
    fileprivate var blocker: String? { isBreach ? id : blockedBy }
}

extension Contract.Level {
    fileprivate var breachVerdict: ClauseResult.Verdict {
        switch self {
        case .must: .failed
        case .should: .warned
        case .info: .noted
        }
    }
}
