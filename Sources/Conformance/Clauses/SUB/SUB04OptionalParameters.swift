import Recording

enum SUB04OptionalParameters: Clause {
    enum Breach: String, BreachCode {
        case codeAloneRefused = "code-alone-refused"
        case noneRefused = "none-refused"
        case keywordRefused = "keyword-refused"
        case positionalRefused = "positional-refused"
        case positionalMisplaced = "positional-misplaced"
        case keywordLost = "keyword-lost"
    }

    static let id = "SUB-04"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [SubmitFormsProbe.self]
    static let page = Page(
        requires: """
            submit_job takes code, resource_config, environment, dependencies and job_name, by keyword and by position in this order.
            All but code may be left out, or be None. What is passed by position means the same as by keyword.
            """,
        why: "Code written against the base class calls any connector. Another order puts one caller's environment into another's job name.",
        breach: "`**kwargs` that take nothing by position, or that swallow a keyword under its documented name, parameters in an order of one's own, `environment.items()` of a None.",
        mend: "Copy the documented signature as it stands.",
        failing: """
            def submit_job(self, code, job_name=None, resource_config=None, environment=None, dependencies=None):
                ...                                                 # job_name is documented as the last
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                ...
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(SubmitFormsProbe.self)
        var calls: [CallFact] = []
        for form in SubmitFormsProbe.Form.allCases {
            let call = try recording.call(form.rawValue)
            if let exception = call.raised { return refused(form, exception, call.fact) }
            guard call.value?.string != nil else { throw PremiseMissing(reason: "submit_job returned no job id", by: call.fact) }
            calls.append(call)
        }
        let (record, truths) = try recording.jobs("jobs ended")
        guard truths.count >= calls.count else { throw PremiseMissing(reason: "a submitted job is not on the platform", by: record) }
        let keyword = arrived(calls[2], truths[2])
        let position = arrived(calls[3], truths[3])
        // What the connector does not pass on in either form is another clause's matter.
        if let lost = keyword.first(where: { !position.contains($0) }) {
            return .breached(
                .positionalMisplaced,
                Failure(
                    "\(lost) reached the platform by keyword, and not by position", expected: "the same meaning in the documented order",
                    seen: "another \(lost)", facts: [calls[2].fact, calls[3].fact, record]))
        }
        if let lost = position.first(where: { !keyword.contains($0) }) {
            return .breached(
                .keywordLost,
                Failure(
                    "\(lost) reached the platform by position, and not by keyword", expected: "the same meaning under the documented name",
                    seen: "another \(lost)", facts: [calls[2].fact, calls[3].fact, record]))
        }
        return .holds(Witness(record, others: calls.map(\.fact)))
    }

    /// Which of the parameters reached the platform as they were passed, by their names.
    private static func arrived(_ call: CallFact, _ truth: JobTruth) -> [String] {
        func argument(_ name: String) -> Value? { call.call.arguments.first { $0.name == name }?.value }
        var names: [String] = []
        let resources = SubmitFormsProbe.resources.filter { asked in
            truth.resources.contains { $0.key == .string(asked.name) && equal($0.value, asked.value) }
        }
        if resources.count == SubmitFormsProbe.resources.count { names.append("resource_config") }
        if let value = argument("environment")?[SubmitFormsProbe.variable], truth.environment.contains(where: { $0.value == value }) {
            names.append("environment")
        }
        // A connector may add to a name, to make it unique.
        if let name = argument("job_name")?.string, truth.name.contains(name) { names.append("job_name") }
        return names
    }

    /// Numbers are compared as numbers: 1 and 1.0 are the same memory.
    private static func equal(_ left: Value, _ right: Value) -> Bool {
        func number(_ value: Value) -> Double? {
            switch value {
            case .int(let number): Double(number)
            case .double(let number): number
            default: nil
            }
        }
        return left == right || (number(left) != nil && number(left) == number(right))
    }

    private static func refused(_ form: SubmitFormsProbe.Form, _ exception: Raised, _ fact: Fact) -> Finding<Breach> {
        let breach: Breach =
            switch form {
            case .codeAlone: .codeAloneRefused
            case .explicitNone: .noneRefused
            case .keyword: .keywordRefused
            case .position: .positionalRefused
            }
        return .breached(
            breach,
            Failure(
                "submit_job called with \(form.phrase) raised \(exception.type)", expected: "a job id",
                seen: "\(exception.type)", facts: [fact]))
    }
}

extension SubmitFormsProbe.Form {
    fileprivate var phrase: String {
        switch self {
        case .codeAlone: "the code alone"
        case .explicitNone: "None for every optional parameter"
        case .keyword: "all parameters by keyword"
        case .position: "all parameters by position"
        }
    }
}
