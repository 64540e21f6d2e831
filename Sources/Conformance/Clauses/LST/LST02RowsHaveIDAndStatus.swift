import Recording

enum LST02RowsHaveIDAndStatus: Clause {
    enum Breach: String, BreachCode {
        case noID = "no-job-id"
        case idNotString = "job-id-not-str"
        case noStatus = "no-status"
    }

    static let id = "LST-02"
    static let buildsOn = ["LST-01"]
    static let probes: [any Probe.Type] = [ListingProbe.self]
    static let page = Page(
        requires: "Each row of list_jobs has `job_id`, a str that is not empty, and `status`.",
        why: "Whoever lists goes on with the ids: to cancel, to fetch results. An id under another key, or as an int, fits no other method.",
        breach: "The platform's own names (`id`, `JobName`, `state`), an id left as a number, or a row without a status.",
        mend: "Translate each row: `job_id` is the very id that submit_job returned, `status` what get_job_status says.",
        failing: """
            def list_jobs(self, limit=10, status_filter=None):
                return self._get(f"/v1/jobs?limit={limit}")["jobs"]          # rows with "id"
            """,
        passing: """
            def list_jobs(self, limit=10, status_filter=None):
                jobs = self._get(f"/v1/jobs?limit={limit}")["jobs"]
                return [{"job_id": job["id"], "status": job["status"]} for job in jobs]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        for list in evidence.calls(of: .listJobs) {
            for row in list.value?.items ?? [] {
                if let (breach, failure) = wrong(row, in: list) { return .breached(breach, failure) }
            }
        }
        let list = try evidence.recording(ListingProbe.self).call("list of all")
        guard list.value?.items?.isEmpty == false else { throw PremiseMissing(reason: "list_jobs listed nothing", by: list.fact) }
        return .holds(Witness(list.fact))
    }

    private static func wrong(_ row: Value, in list: CallFact) -> (Breach, Failure)? {
        func failure(_ seen: String) -> Failure {
            Failure("list_jobs returned a row with \(seen)", expected: "a row with a str job_id and a status", seen: seen, facts: [list.fact])
        }
        switch row["job_id"] ?? Value.none {
        case .none: return (.noID, failure("no job_id"))
        case .string(let id): if id.isEmpty { return (.noID, failure("an empty job_id")) }
        case let other: return (.idNotString, failure("a job_id of type \(other.typeName)"))
        }
        return (row["status"] ?? Value.none) == Value.none ? (.noStatus, failure("no status")) : nil
    }
}
