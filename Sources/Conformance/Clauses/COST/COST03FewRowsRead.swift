import Recording

enum COST03FewRowsRead: Clause {
    enum Breach: String, BreachCode { case tooManyRows = "too-many-rows" }

    static let id = "COST-03"
    static let buildsOn = ["LST-01"]
    static let probes: [any Probe.Type] = [LongHistoryProbe.self]
    static let most = 100
    static let page = Page(
        requires: "list_jobs(limit=10) with 1,000 jobs stored reads at most 100 of them over the wire.",
        why: "A history grows for ever. What is quick in the first week takes a minute and the platform's patience in the first year.",
        breach: "Every page is fetched, and the list is cut on this side.",
        mend: "Pass the limit on to the platform, and stop reading pages once there are enough rows.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                return [self._row(job) for job in self._all_pages()][:limit]
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                page = self._get("/v1/jobs", params={"limit": limit})
                return [self._row(job) for job in page["jobs"]]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(LongHistoryProbe.self)
        let list = try recording.call("list of 10")
        let before = try recording.requests("before the list").requests.count
        let after = try recording.requests("after the list")
        let rows = after.requests.dropFirst(before).reduce(0) { $0 + ($1.rows ?? 0) }
        if rows > most {
            return .breached(
                .tooManyRows,
                Failure(
                    "list_jobs(limit=10) reads more than \(most) of \(LongHistoryProbe.stored) jobs", expected: "at most \(most) rows",
                    seen: rows >= LongHistoryProbe.stored ? "all of them" : "\(rows) rows", facts: [list.fact, after.fact]))
        }
        let own = try recording.call("submit").value
        guard list.value?.items?.contains(where: { $0["job_id"] != own }) == true else {
            return .notApplicable("it lists only jobs that it submitted itself, and reads no history")
        }
        return .holds(Witness(list.fact, after.fact))
    }
}
