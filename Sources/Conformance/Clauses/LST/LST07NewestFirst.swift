import Recording

enum LST07NewestFirst: Clause {
    enum Breach: String, BreachCode { case notNewestFirst = "not-newest-first" }

    static let id = "LST-07"
    static let buildsOn = ["LST-01"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "list_jobs lists the newest job first.",
        why: "With a limit, the order decides which jobs are seen at all. Oldest first, the job that was just submitted never shows.",
        breach: "The rows are sorted by id or name, or in the order in which a dict was filled.",
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
        let lists = try ["list by default", "list of all"].map { try recording.call($0) }
        for list in lists {
            let shown = (list.value?.items ?? []).compactMap { submitted[row: $0] }
            for (place, above) in shown.enumerated() {
                guard shown[(place + 1)...].contains(where: { isPlainlyNewer($0, than: above, submitted) }) else { continue }
                return .breached(
                    .notNewestFirst,
                    Failure(
                        "list_jobs shows an older job above a newer one", expected: "the newest job first", seen: "another order",
                        facts: [submitted.record, list.fact]))
            }
        }
        guard (lists[1].value?.items ?? []).compactMap({ submitted[row: $0] }).count > 1 else {
            throw PremiseMissing(reason: "the list shows too few of the submitted jobs", by: lists[1].fact, clause: "LST-04")
        }
        return .holds(Witness(submitted.record, lists[0].fact, lists[1].fact))
    }

    /// Whether between the end of the one submission and the beginning of the other there was enough time. A submission begins when the one
    /// before it has ended, at the earliest.
    private static func isPlainlyNewer(_ job: SubmittedJobs.Job, than other: SubmittedJobs.Job, _ submitted: SubmittedJobs) -> Bool {
        guard job.place > other.place else { return false }
        return submitted.jobs[job.place - 1].submission.call.endedAt - other.submission.call.endedAt >= apartSeconds
    }
}
