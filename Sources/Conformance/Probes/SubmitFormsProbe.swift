import Recording

/// The same method called in each documented way: with the code alone, with None throughout, all by keyword, all by position.
enum SubmitFormsProbe: Probe {
    static let name = "submit-forms"

    enum Form: String, CaseIterable {
        case codeAlone = "code alone"
        case explicitNone = "explicit None"
        case keyword = "all by keyword"
        case position = "all by position"
    }

    /// What is asked for, in the contract's names.
    static let resources = [Value.Field("memory_gb", 1), Value.Field("cpu_count", 1), Value.Field("max_runtime_hours", 2)]
    static let variable = "WT_FORM"

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        var jobs = 0
        for form in Form.allCases {
            let outcome = try await stage.perform(
                PlannedCall(form.rawValue, .submitJob, arguments(of: form, stage), mustReturn: false))
            if outcome.value != nil { jobs += 1 }
        }
        try await stage.waitForAll("jobs ended", for: .ended, count: jobs)
    }

    private static func arguments(of form: Form, _ stage: Stage) -> [Call.Argument] {
        let code = Value.string(Program.printing(stage.nonce(form.rawValue)).code)
        let optional: [(String, Value)] =
            switch form {
            case .codeAlone: []
            case .explicitNone: [("resource_config", .none), ("environment", .none), ("dependencies", .none), ("job_name", .none)]
            case .keyword, .position:
                [
                    ("resource_config", configuration), ("environment", .dict([Value.Pair(.string(variable), word("value", form, stage))])),
                    ("dependencies", .list([])), ("job_name", word("name", form, stage)),
                ]
            }
        let positional = form == .codeAlone || form == .position
        return ([("code", code)] + optional).map { Call.Argument($0.0, $0.1, positional: positional) }
    }

    private static var configuration: Value {
        .record(
            Value.Record(
                type: "ResourceConfig", fields: [Value.Field("instance_type", "standard")] + resources, isContract: true))
    }

    private static func word(_ what: String, _ form: Form, _ stage: Stage) -> Value {
        .string(stage.nonce("\(what) of \(form.rawValue)"))
    }
}
