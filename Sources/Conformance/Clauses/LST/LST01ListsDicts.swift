import Recording

enum LST01ListsDicts: Clause {
    enum Breach: String, BreachCode {
        case notList = "not-list"
        case notDicts = "not-dicts"
        case tooMany = "too-many"
        case wrongDefault = "wrong-default"
        case empty
        case raised
        case stalled
    }

    static let id = "LST-01"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "list_jobs returns a list of dicts, at most `limit` of them; without a limit at most 10, and 10 where there are that many.",
        why: "Callers loop over the rows and read them by key. A limit that is not kept floods a screen, or a bill for API calls.",
        breach: "The platform's whole answer as a dict, a list of objects or of ids, a generator, or a limit that is never passed on.",
        mend: "Build a list of plain dicts out of the platform's rows and cut it at `limit`, whose default is 10.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                return self._get("/v1/jobs")          # {"jobs": [...]}, however many
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                jobs = self._get(f"/v1/jobs?limit={limit}")["jobs"]
                return [{"job_id": job["id"], "status": job["status"]} for job in jobs[:limit]]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let common = try MethodCheck.judge(
            .listJobs, evidence, probe: ListingProbe.self, raised: .raised, stalled: .stalled, wrong: wrong)
        guard case .holds = common else { return common }

        let recording = try evidence.recording(ListingProbe.self)
        let (rest, jobs) = try recording.jobs("jobs at rest")
        let list = try recording.call("list by default")
        let all = try recording.call("list of all")
        let count = list.value?.items?.count ?? 0
        if jobs.count > 10, all.value?.items?.isEmpty == true {
            return .breached(
                .empty,
                Failure(
                    "list_jobs lists nothing where the platform has jobs", expected: "a list of dicts", seen: "an empty list",
                    facts: [rest, list.fact, all.fact]))
        }
        // Fewer by default than with an ample limit: then it is the default that is another one.
        if jobs.count > 10, count < 10, count < all.value?.items?.count ?? 0 {
            return .breached(
                .wrongDefault,
                Failure(
                    "list_jobs without a limit returned \(count) rows where the platform has more than 10 jobs", expected: "10 rows",
                    seen: "a list of \(count)", facts: [rest, list.fact, all.fact]))
        }
        return .holds(Witness(rest, list.fact, all.fact))
    }

    private static func wrong(_ call: CallFact, _ value: Value) -> (Breach, Failure)? {
        guard let rows = value.items else {
            return (
                .notList, Failure("list_jobs returned \(value.phrase)", expected: "a list of dicts", seen: value.phrase, facts: [call.fact])
            )
        }
        for row in rows {
            if case .dict = row { continue }
            return (
                .notDicts,
                Failure(
                    "list_jobs returned a row of type \(row.typeName)", expected: "a list of dicts", seen: "a row of type \(row.typeName)",
                    facts: [call.fact])
            )
        }
        // What a limit of 0 or below gives is LST-08's to say.
        guard let limit = limit(of: call.call), limit > 0, rows.count > limit else { return nil }
        return (
            .tooMany,
            Failure(
                "list_jobs returned more rows than the limit of \(limit)", expected: "at most \(limit) rows", seen: "more",
                facts: [call.fact])
        )
    }

    /// Nil where a limit was passed that is no int.
    private static func limit(of call: Call) -> Int? {
        guard let value = call.arguments.first(where: { $0.name == "limit" })?.value else { return 10 }
        if case .int(let limit) = value { return limit }
        return nil
    }
}
