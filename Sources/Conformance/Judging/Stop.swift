import Recording

/// What a premise that is missing says: which clauses it may be about, and whether the connector was seen to cause it.
struct Stop {
    /// Clauses to ask, the likeliest first.
    let suspects: [String]
    /// The clause to name where none of them was found broken, or none was run. Nil where nothing that the connector did is to be seen.
    let culprit: String?

    init(_ missing: PremiseMissing, in evidence: Evidence) {
        let named = missing.clause.map { [$0] } ?? []
        switch missing.by?.body {
        case .call(let call)?:
            let method = Method(rawValue: call.method)
            suspects = named + (method?.clauses ?? []) + ["SUB-08"]
            culprit = missing.clause ?? method?.firstClause
        case .look(let name, _)?:
            suspects = named + (name == "result_sharing" ? Method.getJobResult.clauses : [])
            culprit = missing.clause ?? suspects.first
        default:
            // The platform never came to the point: does submit_job return before the end, and does the code run at all?
            suspects = named + ["SUB-08", "SUB-01", "SUB-05", "SUB-02", "CAN-02", "STA-01"]
            culprit = missing.clause ?? Self.culprit(missing.by, evidence)
        }
    }

    /// What the platform's record shows: fewer jobs than ids that submit_job had returned, one that ended where it should have run, or
    /// more jobs than there were submissions.
    private static func culprit(_ fact: Fact?, _ evidence: Evidence) -> String? {
        guard let fact, case .jobs(let jobs) = fact.body,
            let recording = evidence.recordings.first(where: { fact.id.hasPrefix("\($0.probe)/") })
        else { return nil }
        let ids = recording.calls.filter {
            $0.call.method == Method.submitJob.rawValue && $0.fact.sequence < fact.sequence && $0.call.outcome.value != nil
        }
        if jobs.count > ids.count { return "SUB-02" }
        return jobs.count < ids.count || jobs.last?.isTerminal == true ? "SUB-05" : nil
    }
}

extension Method {
    /// The clauses that a call of it which leads nowhere may break, its first clause before the others.
    var clauses: [String] {
        let others: [String] =
            switch self {
            case .submitJob: ["SUB-04", "SUB-05"]
            case .getJobStatus: ["SUB-03", "STA-03", "STA-04"]
            case .getJobResult: ["RES-02", "RES-03"]
            case .cancelJob: ["CAN-02"]
            case .listJobs: ["LST-02", "LST-04"]
            default: []
            }
        return [firstClause] + others
    }
}
