import Recording

enum LST04EachJobOnce: Clause {
    enum Breach: String, BreachCode {
        case missing
        /// Not in the list while a job runs and one waits, or after that.
        case liveMissing = "live-missing"
        case twice
        /// Of several jobs with one name some are missing.
        case sameNameMissing = "same-name-missing"
        /// Not in a list of several pages that has room for it.
        case lostInHistory = "lost-in-history"
        /// A list of several pages has a row twice.
        case pagesOverlap = "pages-overlap"
    }

    static let id = "LST-04"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [FirstJobProbe.self, ListingProbe.self, SameNameProbe.self, LongHistoryProbe.self]
    static let page = Page(
        requires: "A job that was submitted appears in list_jobs under the id that submit_job returned, and once; also among jobs of the same name, and where the limit takes several pages.",
        why: "The list is how a caller finds jobs again after a restart. One that is missing is forgotten and paid for; one that is there twice is counted twice.",
        breach: "Rows under another form of the id (a number where submit_job gave a path), failed jobs left out, rows gathered in a dict by name, pages that overlap, or a first page that is never followed by the next whatever the limit.",
        mend: "Form the id in one place, used by submit_job and list_jobs; leave the choice of rows to the platform and its cursor.",
        failing: """
            def submit_job(self, code, **options):
                return "projects/mine/jobs/" + self._post("/v1/jobs", {"code": code})["id"]

            def _row(self, job):
                return {"job_id": job["id"], "status": job["status"]}          # another form of the id
            """,
        passing: """
            def _id(self, job):
                return "projects/mine/jobs/" + job["id"]          # for both
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        if let finding = try listsNothing(evidence.recording(FirstJobProbe.self)) { return finding }
        let recording = try evidence.recording(ListingProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs at rest")
        let list = try recording.call("list of all")
        if let finding = try each(of: submitted, in: list, missing: .missing) { return finding }
        // Where live jobs could not be had, there are no such lists.
        for (record, label) in [(FilterPhase.live.record, ListingProbe.liveList), (FilterPhase.cancelled.record, ListingProbe.lastList)] {
            guard let later = try? recording.call(label), later.value != nil else { continue }
            let submitted = try SubmittedJobs(recording, recordedAt: record)
            if let finding = try each(of: submitted, in: later, missing: .liveMissing) { return finding }
        }
        if let finding = try sameName(evidence.recording(SameNameProbe.self)) { return finding }
        if let finding = try pages(evidence.recording(LongHistoryProbe.self)) { return finding }
        guard let first = submitted.jobs.first else { throw PremiseMissing(reason: "no job was submitted", by: nil) }
        return .holds(Witness(first.submission.fact, submitted.record, list.fact))
    }

    /// Of rows: what the usual page has.
    private static let boundMin = 100

    private static func each(of submitted: SubmittedJobs, in list: CallFact, missing: Breach) throws -> Finding<Breach>? {
        let ids = try self.ids(in: list)
        for job in submitted.jobs {
            let count = ids.filter { $0 == job.id }.count
            // Whether a cancelled job stays in the list is for CAN-03 to say.
            if count == 1 || count == 0 && job.truth.status == Status.cancelled.rawValue { continue }
            let which = missing == .sameNameMissing ? "one of several jobs of one name" : "a submitted job"
            return .breached(
                count == 0 ? missing : .twice,
                Failure(
                    "\(which) is \(count == 0 ? "not in the list" : "in the list more than once")",
                    expected: "each submitted job once", seen: count == 0 ? "no row for it" : "several rows for it",
                    facts: [job.submission.fact, submitted.record, list.fact]))
        }
        return nil
    }

    /// Jobs that share a name. Where they could not be made, or have no ids of their own, that is for SUB-02 to say.
    private static func sameName(_ recording: Recording) throws -> Finding<Breach>? {
        guard let list = try? recording.call(SameNameProbe.list), list.value != nil,
            let submitted = try? SubmittedJobs(recording, recordedAt: SameNameProbe.ended)
        else { return nil }
        return try each(of: submitted, in: list, missing: .sameNameMissing)
    }

    /// More rows than a page has. A connector may refuse so many, or have a bound of its own, of a hundred or more; but one that lists fewer has
    /// no others. Jobs that it did not submit need not be there. An empty list may be one without the cancelled jobs, of which the history is
    /// made: that is for CAN-03 to say.
    private static func pages(_ recording: Recording) throws -> Finding<Breach>? {
        guard let list = try? recording.call(LongHistoryProbe.farList), list.value != nil else { return nil }
        let submit = try recording.call("submit")
        let limit = LongHistoryProbe.farLimit
        let ids = try self.ids(in: list)
        guard Set(ids).count == ids.count else {
            return .breached(
                .pagesOverlap,
                Failure(
                    "list_jobs with a limit of \(limit) shows a job more than once", expected: "each job once", seen: "several rows for one",
                    facts: [submit.fact, list.fact]))
        }
        guard !ids.isEmpty, ids.count < Self.boundMin, let id = submit.value?.string, !ids.contains(id) else { return nil }
        return .breached(
            .lostInHistory,
            Failure(
                "list_jobs with a limit of \(limit) lists fewer, and not the oldest job", expected: "\(limit) rows, or each submitted job",
                seen: list.outcome.phrase, facts: [submit.fact, list.fact]))
    }

    /// Where code never runs the caller has an id all the same, and looks for it.
    private static func listsNothing(_ recording: Recording) throws -> Finding<Breach>? {
        let submit = try recording.call("submit")
        guard let list = try? recording.call("list"), list.value != nil, let id = submit.value?.string else { return nil }
        guard try !ids(in: list).contains(id) else { return nil }
        return .breached(
            .missing,
            Failure(
                "a submitted job is not in the list", expected: "each submitted job once", seen: list.outcome.phrase,
                facts: [submit.fact, list.fact]))
    }

    /// - Throws: ``PremiseMissing`` where what is listed has no ids at all.
    private static func ids(in list: CallFact) throws -> [String] {
        guard let rows = list.value?.items else { throw PremiseMissing(reason: "list_jobs gave no list", by: list.fact, clause: "LST-01") }
        let ids = rows.compactMap { $0["job_id"]?.string }
        guard ids.count == rows.count else { throw PremiseMissing(reason: "a row has no job_id", by: list.fact, clause: "LST-02") }
        return ids
    }
}
