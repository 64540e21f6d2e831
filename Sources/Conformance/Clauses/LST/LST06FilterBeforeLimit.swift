import Recording

enum LST06FilterBeforeLimit: Clause {
    enum Breach: String, BreachCode {
        case limitFirst = "limit-first"
        /// More than the limit is looked through, but not all.
        case lostInHistory = "lost-in-history"
    }

    static let id = "LST-06"
    static let buildsOn = ["LST-04"]
    static let probes: [any Probe.Type] = [ListingProbe.self, LongHistoryProbe.self]
    static let page = Page(
        requires: "With both a filter and a limit, list_jobs filters first: up to `limit` jobs of that status, also where many newer jobs have another.",
        why: "\"The last two failures\" is asked when hundreds of jobs have run well since. Cut first, and the answer is \"none\".",
        breach: "The newest `limit` jobs, or the newest hundred, are fetched and then filtered, so that a match behind them is lost.",
        mend: "Let the platform filter, or read page after page until there are enough matches.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                rows = self._rows(limit)          # the newest ones only
                return [row for row in rows if self._matches(row, status_filter)]
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                matches = (row for row in self._all_rows() if self._matches(row, status_filter))
                return list(itertools.islice(matches, limit))
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ListingProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs at rest")
        let failed = submitted.jobs.filter { $0.truth.status == Status.failed.rawValue }
        guard let oldest = failed.first, oldest.place == 0, failed.count == 1 else {
            throw PremiseMissing(reason: "the oldest job is not the one that failed", by: submitted.record)
        }
        let list = try recording.call("failed jobs, at most 2")
        let form = FilterReading.form(of: list)
        let plain = try recording.call(FilterPhase.atRest.label(.failed, form))
        guard FilterReading.fault(of: plain, for: .failed, among: submitted) == nil else {
            throw PremiseMissing(reason: "the filter does not work without a small limit either", by: plain.fact, clause: "LST-05")
        }
        guard let rows = list.value?.items, rows.contains(where: { $0["job_id"]?.string == oldest.id }) else {
            return .breached(
                .limitFirst,
                Failure(
                    "list_jobs with a filter and a limit of 2 loses a match behind newer jobs", expected: "the job that failed",
                    seen: list.outcome.phrase, facts: [submitted.record, list.fact]))
        }
        if let finding = try behindAHistory(evidence.recording(LongHistoryProbe.self), form) { return finding }
        return .holds(Witness(submitted.record, list.fact))
    }

    /// The oldest of a thousand jobs, the only one that failed: also behind what one or two pages hold.
    private static func behindAHistory(_ recording: Recording, _ form: FilterForm) throws -> Finding<Breach>? {
        let submit = try recording.call("submit")
        let ended = try recording.jobs("oldest job ended")
        let lists = [FilterForm.member, .value].compactMap { try? recording.call(LongHistoryProbe.label($0)) }
        guard ended.jobs.first?.status == Status.failed.rawValue, let list = lists.first(where: { FilterReading.form(of: $0) == form })
        else { return nil }
        let id = submit.value?.string
        let isThere = lists.contains { $0.value?.items?.contains { $0["job_id"]?.string == id } == true }
        return isThere
            ? nil
            : .breached(
                .lostInHistory,
                Failure(
                    "list_jobs with a filter and a limit of \(LongHistoryProbe.limit) loses a match behind a long history",
                    expected: "the job that failed", seen: list.outcome.phrase, facts: [submit.fact, ended.fact, list.fact]))
    }
}
