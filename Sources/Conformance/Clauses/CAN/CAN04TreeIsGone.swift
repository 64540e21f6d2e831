import Recording

enum CAN04TreeIsGone: Clause {
    enum Breach: String, BreachCode { case treeAlive = "tree-alive" }

    static let id = "CAN-04"
    static let buildsOn = ["CAN-01"]
    static let probes: [any Probe.Type] = [CancelTreeProbe.self]
    static let page = Page(
        requires: "After cancel_job, no process of the job lives on: not its main process, not its children, not a daemon that left its session and ignores TERM.",
        why: "Training code starts data loaders and workers. What survives a cancellation keeps a GPU, and keeps costing, with no job to see it by.",
        breach: "cancel_job returns True without asking the platform, or asks for something less than the job, such as one process of it.",
        mend: "Use the platform's own cancellation of the whole job, and return what it answers.",
        failing: """
            def cancel_job(self, job_id):
                self._status[job_id] = JobStatus.CANCELLED          # its processes know nothing of it
                return True
            """,
        passing: """
            def cancel_job(self, job_id):
                return self._post(f"/v1/jobs/{job_id}/cancel")["cancelled"] is True
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(CancelTreeProbe.self)
        let before = try recording.processes("alive before")
        guard before.alive > 1 else {
            throw PremiseMissing(reason: "the job's tree has no more than one process before the cancellation", by: before.fact)
        }
        let cancel = try recording.call("cancel")
        let ended = try recording.jobs("after the cancellation").fact
        let after = try recording.processes("alive after")
        guard after.alive == 0 else {
            return .breached(
                .treeAlive,
                Failure(
                    "cancel_job left processes of the job alive", expected: "no process of the job", seen: "processes that live on",
                    facts: [before.fact, cancel.fact, ended, after.fact]))
        }
        return .holds(Witness(before.fact, cancel.fact, ended, after.fact))
    }
}
