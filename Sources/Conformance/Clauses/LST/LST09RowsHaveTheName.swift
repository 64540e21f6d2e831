import Recording

enum LST09RowsHaveTheName: Clause {
    enum Breach: String, BreachCode {
        case noName = "no-name"
        case otherName = "other-name"
    }

    static let id = "LST-09"
    static let buildsOn = ["LST-01"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "Each row of list_jobs has the job's name under `name`: the `job_name` of the submission, or what the connector made of it for the platform.",
        why: "People find their job by the name that they gave it, not by an id.",
        breach: "No `name` in the row, the name under the platform's own key, or a `job_name` that submit_job never passed on.",
        mend: "Pass `job_name` to the platform, and put its name into each row as `name`.",
        failing: """
            def _row(self, job):
                return {"job_id": job["id"], "status": job["status"]}
            """,
        passing: """
            def _row(self, job):
                return {"job_id": job["id"], "status": job["status"], "name": job["name"]}
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ListingProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs at rest")
        let list = try recording.call("list of all")
        var named: Set<Int> = []
        for row in list.value?.items ?? [] {
            guard let job = submitted[row: row], let given = job.name else { continue }
            named.insert(job.place)
            let name: Value = row["name"] ?? Value.none
            // A platform that wants other names (lower case, a suffix) may have been given one: it is the job's name there.
            if name == .string(given) || isMade(of: given, job.truth.name) && name == .string(job.truth.name) { continue }
            return .breached(
                name == Value.none ? .noName : .otherName,
                Failure(
                    "list_jobs shows a job without the name that it was submitted with", expected: "the job's name under `name`",
                    seen: name == Value.none ? "no name" : "another name", facts: [job.submission.fact, submitted.record, list.fact]))
        }
        guard let first = submitted.jobs.first, !named.isEmpty else {
            throw PremiseMissing(reason: "the list shows none of the submitted jobs", by: list.fact, clause: "LST-04")
        }
        return .holds(Witness(first.submission.fact, submitted.record, list.fact))
    }

    private static func isMade(of given: String, _ name: String) -> Bool { name.lowercased().contains(given.lowercased()) }
}
