import Recording

enum SUB08ReturnsBeforeTheEnd: Clause {
    enum Breach: String, BreachCode {
        case blocks
    }

    static let id = "SUB-08"
    static let buildsOn = ["SUB-01"]
    static let probes: [any Probe.Type] = [SubmitReturnsProbe.self]
    static let page = Page(
        requires: "submit_job returns while the job still runs; it does not wait for the job's end.",
        why: "A caller who is held until the end can neither watch the job nor cancel it, and cannot submit a second one beside it.",
        breach: "submit_job polls until the job has ended, or runs the code in the connector's own process.",
        mend: "Return the id as soon as the platform has acknowledged the job. Waiting belongs in a helper of its own.",
        failing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                job_id = self._post("/v1/jobs", {"code": code})["id"]
                while self.get_job_status(job_id) in (JobStatus.PENDING, JobStatus.RUNNING):
                    time.sleep(1)
                return job_id
            """,
        passing: """
            def submit_job(self, code, resource_config=None, environment=None, dependencies=None, job_name=None):
                return self._post("/v1/jobs", {"code": code})["id"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(SubmitReturnsProbe.self)
        let running = try recording.jobs("job runs").fact
        let submit = try recording.call("submit")
        guard let blocks = SubmitReturnsProbe.submitBlocks(recording), let release = recording.fact("release") else {
            throw PremiseMissing(reason: recording.stop?.reason ?? "the job was never kept running", by: recording.stop?.fact)
        }
        if blocks {
            return .breached(
                .blocks,
                Failure(
                    "submit_job came back only after the job was let go", expected: "the job id while the job runs",
                    seen: "an answer after the job's end", facts: [running, release, submit.fact]))
        }
        return .holds(Witness(running, submit.fact))
    }
}
