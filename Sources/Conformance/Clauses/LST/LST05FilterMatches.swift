import Recording

enum LST05FilterMatches: Clause {
    enum Breach: String, BreachCode {
        /// Jobs of another status are listed.
        case others = "others-listed"
        /// Nothing is listed where jobs match.
        case missing = "matches-missing"
        /// Some of the matches are listed, below the limit.
        case incomplete = "some-matches-missing"
        case raised
    }

    static let id = "LST-05"
    static let buildsOn = ["LST-04"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "`status_filter` makes list_jobs return only jobs of that status, and [] where there are none: for every status, UNKNOWN too. It is passed as a JobStatus; a connector that takes the value instead passes as well, if that works for every status.",
        why: "\"What is still running?\" and \"what failed?\" are the questions that lists are for. An ignored filter answers them wrongly without a sign.",
        breach: "The filter is ignored, a str is compared with a member so that nothing ever matches, or a status that the platform has no word for raises or lists everything.",
        mend: "Turn the filter into the platform's word (`JobStatus(status_filter).value`), and return [] for UNKNOWN and whatever else the platform does not have.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                rows = self._rows(limit)
                return [row for row in rows if status_filter in (None, row["status"])]          # str == JobStatus is never true
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                wanted = status_filter and JobStatus(status_filter).value
                return self._rows(limit, status=wanted)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ListingProbe.self)
        var form = FilterForm.member
        var facts: [Fact] = []
        for phase in FilterPhase.allCases {
            let submitted = try SubmittedJobs(recording, recordedAt: phase.record)
            // Where the member does not work, the value may; once it was needed, it stays the connector's form.
            if form == .member, !FilterReading.works(.member, in: phase, recording) {
                guard FilterReading.works(.value, in: phase, recording) else {
                    return try breach(in: phase, .member, recording, submitted)
                }
                form = .value
            } else if form == .value, !FilterReading.works(.value, in: phase, recording) {
                return try breach(in: phase, .value, recording, submitted)
            }
            facts.append(submitted.record)
            facts += try phase.statuses.map { try recording.call(phase.label($0, form)).fact }
        }
        return .holds(Witness(facts[0], others: Array(facts.dropFirst())))
    }

    private static func breach(
        in phase: FilterPhase, _ form: FilterForm, _ recording: Recording, _ submitted: SubmittedJobs
    ) throws -> Finding<Breach> {
        for status in phase.statuses {
            let list = try recording.call(phase.label(status, form))
            guard let fault = FilterReading.fault(of: list, for: status, among: submitted) else { continue }
            let name = "JobStatus.\(status.rawValue.uppercased())"
            let facts = [submitted.record, list.fact]
            return switch fault {
            case .noList: throw PremiseMissing(reason: "list_jobs gave no list", by: list.fact, clause: "LST-01")
            case .raised:
                .breached(
                    .raised,
                    Failure(
                        "list_jobs filtered by \(name) raised \(list.outcome.phrase)", expected: "a list", seen: list.outcome.phrase,
                        facts: facts))
            case .others:
                .breached(
                    .others,
                    Failure(
                        "list_jobs filtered by \(name) lists a job of another status", expected: "only jobs of that status",
                        seen: "a job of another", facts: facts))
            case .missing:
                .breached(
                    list.value?.items?.isEmpty == true ? .missing : .incomplete,
                    Failure(
                        list.value?.items?.isEmpty == true
                            ? "list_jobs filtered by \(name) lists nothing where the platform has such a job"
                            : "list_jobs filtered by \(name) lacks a job of that status, with a limit above their number",
                        expected: "the jobs of that status", seen: list.outcome.phrase, facts: facts))
            }
        }
        throw PremiseMissing(reason: "a filtered list was not asked for", by: recording.stop?.fact)
    }
}
