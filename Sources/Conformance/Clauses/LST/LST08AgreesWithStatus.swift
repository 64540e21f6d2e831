import Recording

enum LST08AgreesWithStatus: Clause {
    enum Breach: String, BreachCode {
        case disagrees
        case cancelledDisagrees = "cancelled-disagrees"
        case limitIgnored = "limit-ignored"
        case limitRaised = "limit-raised"
        /// Only with a filter is a limit of 0 none.
        case filteredLimitIgnored = "filtered-limit-ignored"
    }

    static let id = "LST-08"
    static let buildsOn = ["LST-01"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "For a job that has ended, the row's `status` says the same as get_job_status. A limit of 0 or below gives an empty list, ValueError or CloudException, with a filter too.",
        why: "Two answers to one question make callers poll both. And a limit of 0 that lists everything is the surprise of a computed limit.",
        breach: "The list maps the platform's words by another table, puts cancelled jobs among the failed, or keeps the status that it saw first; `limit=0` read as \"no limit\"; `rows[:-1]` for a limit of -1; a loop over the matches that ends when there are `limit` of them.",
        mend: "Use one status map in both methods; return [] as soon as the limit is 0 or below.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                rows = self._rows(status_filter)
                return rows[:limit] if limit else rows          # 0: all; -1: all but one
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                return self._rows(status_filter)[:limit] if limit > 0 else []
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ListingProbe.self)
        var facts: [Fact] = []
        for limit in ["0", "-1"] {
            let list = try recording.call("list of \(limit)")
            if let breach = wrong(list) {
                return .breached(
                    breach,
                    Failure(
                        "list_jobs with a limit of \(limit) gave \(list.outcome.phrase)", expected: limitExpected, seen: list.outcome.phrase,
                        facts: [list.fact]))
            }
            facts.append(list.fact)
        }
        if let list = try? recording.call(ListingProbe.noneFiltered), list.value?.items?.isEmpty == false {
            return .breached(
                .filteredLimitIgnored,
                Failure(
                    "list_jobs with a filter and a limit of 0 gave \(list.outcome.phrase)", expected: limitExpected, seen: list.outcome.phrase,
                    facts: facts + [list.fact]))
        }
        let rest = try SubmittedJobs(recording, recordedAt: "jobs at rest")
        let list = try recording.call("list at rest")
        for label in ["status of the failed job", "status of the newest job"] {
            let read = try recording.call(label)
            guard let status = Status(read.value) else { throw PremiseMissing(reason: "the status cannot be read", by: read.fact) }
            let id = read.call.arguments.first?.value
            guard let job = rest[id?.string], job.truth.status == status.rawValue else {
                let clause = label == "status of the failed job" ? "STA-04" : "STA-03"
                throw PremiseMissing(reason: "get_job_status does not say what the platform says", by: read.fact, clause: clause)
            }
            guard let row = list.value?.items?.first(where: { $0["job_id"] == id }) else {
                throw PremiseMissing(reason: "a submitted job is not in the list", by: list.fact, clause: "LST-04")
            }
            guard row["status"] ?? Value.none != Value.none else {
                throw PremiseMissing(reason: "a row has no status", by: list.fact, clause: "LST-02")
            }
            guard Status(listed: row["status"]) == status else {
                return .breached(
                    .disagrees,
                    Failure(
                        "list_jobs and get_job_status disagree on a job that has ended", expected: "JobStatus.\(status.rawValue.uppercased())",
                        seen: "another status in the list", facts: [rest.record, read.fact, list.fact]))
            }
            facts.append(read.fact)
        }
        if let finding = try afterTheCancellation(recording) { return finding }
        return .holds(Witness(list.fact, others: facts))
    }

    /// A job that was listed while it ran, and has been cancelled since. Where live jobs could not be had, or the job was not truly cancelled,
    /// or its status is wrong by itself, there is nothing to compare.
    private static func afterTheCancellation(_ recording: Recording) throws -> Finding<Breach>? {
        guard let jobs = try? SubmittedJobs(recording, recordedAt: FilterPhase.cancelled.record),
            let read = try? recording.call(ListingProbe.cancelledStatus), let list = try? recording.call(ListingProbe.lastList),
            let status = Status(read.value), let job = jobs[read.call.jobID], job.truth.status == status.rawValue,
            let row = list.value?.items?.first(where: { $0["job_id"]?.string == job.id }), let shown = row["status"], shown != Value.none,
            Status(listed: shown) != status
        else { return nil }
        return .breached(
            .cancelledDisagrees,
            Failure(
                "list_jobs and get_job_status disagree on a job that was cancelled", expected: status.phrase,
                seen: "another status in the list", facts: [jobs.record, read.fact, list.fact]))
    }

    private static let limitExpected = "an empty list, ValueError or CloudException"

    private static func wrong(_ list: CallFact) -> Breach? {
        if let raised = list.raised { return raised.isA("ValueError") || raised.isA("CloudException") ? nil : .limitRaised }
        return list.value?.items?.isEmpty == false ? .limitIgnored : nil
    }
}
