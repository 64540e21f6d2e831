import Recording

enum USE01JSONableDict: Clause {
    enum Breach: String, BreachCode {
        case raised
        case returnedNone = "returned-none"
        case notDict = "not-dict"
        case keyNotStr = "key-not-str"
        case notJSON = "not-json"
        case refused = "json-refused"
        case stalled
    }

    static let id = "USE-01"
    static let buildsOn = ["AUTH-01"]
    static let probes: [any Probe.Type] = [ResourceUsageProbe.self]
    static let capability: Capability? = .resourceUsage
    static let page = Page(
        requires: "get_resource_usage returns a dict whose keys are str and which json.dumps takes: numbers, str, bool, None, lists and dicts of them.",
        why: "The figures go into reports, dashboards and logs, all of which are JSON.",
        breach: "None, a list of rows, an object of the connector's own, dates or Decimals among the values, an Enum or a number as a key.",
        mend: "Give plain values: isoformat() for dates, float() for decimals, str keys.",
        failing: """
            def get_resource_usage(self):
                usage = self._get("/v1/usage")
                return {"since": datetime.fromisoformat(usage["since"]), 0: usage["jobs"]}
            """,
        passing: """
            def get_resource_usage(self):
                usage = self._get("/v1/usage")
                return {"since": usage["since"], "jobs": usage["jobs"]}
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        if let failure = OptionalMethod.stall(.getResourceUsage, evidence) { return .breached(.stalled, failure) }
        let recording = try evidence.recording(ResourceUsageProbe.self)
        let call = try recording.call("usage")
        if let reason = OptionalMethod.unsupported(call) { return .notApplicable(reason) }
        func breached(_ breach: Breach, _ what: String, expected: String, seen: String) -> Finding<Breach> {
            .breached(breach, Failure("get_resource_usage \(what)", expected: expected, seen: seen, facts: [call.fact]))
        }
        if let raised = call.raised { return breached(.raised, "raised \(raised.type)", expected: "a dict", seen: raised.type) }
        guard case .dict(let pairs)? = call.value else {
            let isNone = call.value == Value.none
            return breached(
                isNone ? .returnedNone : .notDict, "returned no dict", expected: "a dict", seen: call.outcome.phrase)
        }
        if let key = pairs.first(where: { $0.key.string == nil })?.key {
            return breached(.keyNotStr, "returned a dict with a key that is no str", expected: "str keys", seen: "a key of type \(key.typeName)")
        }
        for pair in pairs {
            guard let alien = alien(in: pair.value) else { continue }
            return breached(.notJSON, "returned a value that JSON does not have", expected: "plain values", seen: "a value of type \(alien)")
        }
        // Python itself has the last word.
        if let (look, found) = try? recording.look("usage as JSON"), let refusal = found.string {
            return .breached(
                .refused,
                Failure(
                    "get_resource_usage returned a dict that json.dumps refuses", expected: "what json.dumps takes", seen: refusal,
                    facts: [call.fact, look]))
        }
        return .holds(Witness(call.fact))
    }

    /// The type of the first value that json.dumps refuses. A member counts as plain, and json.dumps itself is asked. So does what is too long or
    /// too deep to be recorded.
    private static func alien(in value: Value) -> String? {
        // Plain loops: `first` of a lazy `compactMap` looks into what it finds twice, which doubles the work with each level.
        switch value {
        case .none, .bool, .int, .double, .string, .member: return nil
        case .list(let items), .tuple(let items):
            for item in items {
                if let found = alien(in: item) { return found }
            }
            return nil
        case .dict(let pairs):
            for pair in pairs {
                guard isKey(pair.key) else { return pair.key.typeName }
                if let found = alien(in: pair.value) { return found }
            }
            return nil
        case .other(let type, _): return ["int", "str", "list", "tuple", "dict"].contains(type) ? nil : type
        case .bytes, .record: return value.typeName
        }
    }

    /// What json.dumps takes as a key of an inner dict.
    private static func isKey(_ key: Value) -> Bool {
        switch key {
        case .string, .int, .double, .bool, .none, .member: true
        default: false
        }
    }
}
