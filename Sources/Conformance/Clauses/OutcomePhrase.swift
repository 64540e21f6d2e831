import Recording

extension Outcome {
    /// What came of a call as a short phrase, without anything that differs from run to run.
    var phrase: String {
        switch self {
        case .returned(let value): value.phrase
        case .raised(let raised): raised.type
        case .timedOut: "no answer"
        case .died: "the end of the connector's process"
        }
    }
}

extension Value {
    /// `True`, `None`, `JobStatus.FAILED`, `an empty str`, `a list of 3`; of other values the type only, since texts may hold ids.
    var phrase: String {
        switch self {
        case .none: "None"
        case .bool(let flag): flag ? "True" : "False"
        case .member(let member): "\(member.type).\(member.name)"
        case .string(let text) where text.isEmpty: "an empty str"
        case .list(let items): items.isEmpty ? "an empty list" : "a list of \(items.count)"
        default: "a value of type \(typeName)"
        }
    }
}
