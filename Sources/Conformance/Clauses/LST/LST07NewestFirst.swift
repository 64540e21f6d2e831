import Recording

enum LST07NewestFirst: Clause {
    enum Breach: String, BreachCode {
        case notNewestFirst = "not-newest-first"
        /// Only with a filter is the order another one.
        case filteredNotNewestFirst = "filtered-not-newest-first"
        /// The order within the list is right, but newer jobs are behind the limit.
        case newerMissing = "newer-missing"
    }

    static let id = "LST-07"
    static let buildsOn = ["LST-01"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "list_jobs lists the newest job first, with a filter too; and a limit keeps the newest ones.",
        why: "With a limit, the order decides which jobs are seen at all. Oldest first, the job that was just submitted never shows.",
        breach: "The rows are sorted by id or name, or in the order in which a dict was filled; or they are cut at the limit first and sorted after that.",
        mend: "Ask the platform for the newest first, or sort by the time of creation, descending, before the limit is applied.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                return sorted(self._rows(), key=lambda row: row["created_at"])[:limit]
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                return sorted(self._rows(), key=lambda row: row["created_at"], reverse=True)[:limit]
            """)

    /// Times of creation are often known to the millisecond only: jobs that may share one have no order.
    private static let apartSeconds = 0.002

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ListingProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs at rest")
        let lists = try ["list by default", "list of 3", "list of all"].map { try recording.call($0) }
        if let found = lists.first(where: { isDisordered($0, submitted) }) {
            return .breached(
                .notNewestFirst,
                Failure(
                    "list_jobs shows an older job above a newer one", expected: "the newest job first", seen: "another order",
                    facts: [submitted.record, found.fact]))
        }
        if let finding = newerMissing(in: lists[1], listedBefore: lists[0], submitted) { return finding }
        if let finding = filtered(recording, submitted) { return finding }
        guard shown(in: lists[2], submitted).count > 1 else {
            throw PremiseMissing(reason: "the list shows too few of the submitted jobs", by: lists[2].fact, clause: "LST-04")
        }
        return .holds(Witness(submitted.record, others: [lists[0].fact, lists[2].fact]))
    }

    private static func shown(in list: CallFact, _ submitted: SubmittedJobs) -> [SubmittedJobs.Job] {
        (list.value?.items ?? []).compactMap { submitted[row: $0] }
    }

    private static func isDisordered(_ list: CallFact, _ submitted: SubmittedJobs) -> Bool {
        let shown = shown(in: list, submitted)
        return shown.enumerated().contains { place, above in
            shown[(place + 1)...].contains { isPlainlyNewer($0, than: above, submitted) }
        }
    }

    /// A list that is cut at its limit, and keeps an older job where it drops a newer one. That one was listed already, so that no delay
    /// hides it.
    private static func newerMissing(in list: CallFact, listedBefore earlier: CallFact, _ submitted: SubmittedJobs) -> Finding<Breach>? {
        let shown = shown(in: list, submitted)
        let dropped = self.shown(in: earlier, submitted).filter { job in !shown.contains { $0.place == job.place } }
        guard dropped.contains(where: { job in shown.contains { isPlainlyNewer(job, than: $0, submitted) } }) else { return nil }
        return .breached(
            .newerMissing,
            Failure(
                "list_jobs with a small limit shows older jobs in place of the newest", expected: "the newest jobs", seen: "older ones",
                facts: [submitted.record, earlier.fact, list.fact]))
    }

    /// What holds for all jobs holds for those of one status.
    private static func filtered(_ recording: Recording, _ submitted: SubmittedJobs) -> Finding<Breach>? {
        guard let few = try? recording.call(ListingProbe.fewSucceeded),
            let ample = try? recording.call(FilterPhase.atRest.label(.succeeded, FilterReading.form(of: few)))
        else { return nil }
        if let found = [ample, few].first(where: { isDisordered($0, submitted) }) {
            return .breached(
                .filteredNotNewestFirst,
                Failure(
                    "list_jobs with a filter shows an older job above a newer one", expected: "the newest job first", seen: "another order",
                    facts: [submitted.record, found.fact]))
        }
        return newerMissing(in: few, listedBefore: ample, submitted)
    }

    /// Whether between the end of the one submission and the beginning of the other there was enough time. A submission begins when the one
    /// before it has ended, at the earliest.
    private static func isPlainlyNewer(_ job: SubmittedJobs.Job, than other: SubmittedJobs.Job, _ submitted: SubmittedJobs) -> Bool {
        guard job.place > other.place else { return false }
        return submitted.jobs[job.place - 1].submission.call.endedAt - other.submission.call.endedAt >= apartSeconds
    }
}
