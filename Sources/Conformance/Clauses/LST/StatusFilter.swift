import Recording

/// How `status_filter` is passed: either form that works for every status is enough.
enum FilterForm: Sendable {
    /// As a member of `JobStatus`.
    case member
    /// As its value, a str.
    case value

    func argument(_ status: Status) -> Value { self == .member ? status.value : .string(status.rawValue) }
}

/// When the filters are asked for, and for which statuses.
enum FilterPhase: CaseIterable, Sendable {
    /// All jobs have ended: one failed, the others succeeded.
    case atRest
    /// One job runs and one waits.
    case live
    /// A running job has been cancelled.
    case cancelled

    var statuses: [Status] {
        switch self {
        case .atRest: Status.allCases
        case .live: [.pending, .running]
        case .cancelled: Status.allCases
        }
    }

    /// Where the platform's record of that moment was taken.
    var record: String {
        switch self {
        case .atRest: "jobs at rest"
        case .live: "live jobs"
        case .cancelled: "running job ended"
        }
    }

    func label(_ status: Status, _ form: FilterForm) -> String {
        let moment =
            switch self {
            case .atRest: "at rest"
            case .live: "while jobs live"
            case .cancelled: "after a cancellation"
            }
        return "filter \(status.rawValue) \(moment)" + (form == .value ? ", as value" : "")
    }
}

/// What a filtered list shows, against the platform's record.
enum FilterReading {
    enum Fault: Sendable, Hashable { case raised, noList, others, missing }

    /// What is wrong with one filtered list; nil where it is right.
    static func fault(of list: CallFact, for status: Status, among jobs: SubmittedJobs) -> Fault? {
        guard let rows = list.value?.items else { return list.raised == nil ? .noList : .raised }
        let matching = jobs.jobs.filter { $0.truth.status == status.rawValue }
        for row in rows {
            let shown = jobs[row: row].map { $0.truth.status == status.rawValue } ?? (Status(listed: row["status"]) == status)
            if !shown { return .others }
        }
        let shown = Set(rows.compactMap { jobs[row: $0]?.place })
        return matching.allSatisfy { shown.contains($0.place) } ? nil : .missing
    }

    /// The form that the filter of that call was passed in.
    static func form(of list: CallFact) -> FilterForm {
        list.call.arguments.contains { $0.name == "status_filter" && $0.value.member != nil } ? .member : .value
    }

    /// Whether every list of that phase in that form is right; a list that was not asked for is not.
    static func works(_ form: FilterForm, in phase: FilterPhase, _ recording: Recording) -> Bool {
        guard let jobs = try? SubmittedJobs(recording, recordedAt: phase.record) else { return false }
        return phase.statuses.allSatisfy { status in
            guard let list = try? recording.call(phase.label(status, form)) else { return false }
            return fault(of: list, for: status, among: jobs) == nil
        }
    }
}
