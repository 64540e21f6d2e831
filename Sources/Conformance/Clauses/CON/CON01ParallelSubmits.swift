import Recording

enum CON01ParallelSubmits: Clause {
    enum Breach: String, BreachCode {
        case raised
        case sameID = "same-id"
        case jobLost = "job-lost"
        case otherCode = "other-code"
        case noEnd = "no-end"
    }

    static let id = "CON-01"
    static let buildsOn = ["SUB-02", "STA-03"]
    static let probes: [any Probe.Type] = [ParallelSubmitsProbe.self]
    static let page = Page(
        requires: "Eight threads that submit through one instance at the same moment get eight different ids of eight jobs, each with the code of its own call, and each job reaches an end that get_job_status shows.",
        why: "Sweeps are submitted from a thread pool. Two threads that share an id lose a job, and its result, without any error.",
        breach: "The code on its way there, or the id on its way back, kept in an attribute of the instance, ids from a clock or a counter without a lock, one connection used by two threads at once.",
        mend: "Keep what belongs to one call in local variables; put a lock around what must be shared, such as a connection.",
        failing: """
            def submit_job(self, code, **options):
                self._answer = self._post("/v1/jobs", {"code": code})
                return self._answer["id"]          # perhaps another thread's by now
            """,
        passing: """
            def submit_job(self, code, **options):
                answer = self._post("/v1/jobs", {"code": code})
                return answer["id"]
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ParallelSubmitsProbe.self)
        let numbers = 1...ParallelSubmitsProbe.count
        let submits = try numbers.map { try recording.call("submit \($0)") }
        let facts = submits.map(\.fact)
        if let raised = submits.first(where: { $0.raised != nil }) {
            return .breached(
                .raised,
                Failure(
                    "submit_job raised \(raised.outcome.phrase) when called from several threads at once", expected: "an id for each call",
                    seen: raised.outcome.phrase, facts: facts))
        }
        if Set(submits.map { $0.value?.string }).count < submits.count {
            return .breached(
                .sameID,
                Failure(
                    "submit_job returned the same id to several threads", expected: "different ids", seen: "the same id twice", facts: facts))
        }
        let (last, jobs) = try recording.jobs("the last job ended")
        guard jobs.count >= submits.count else {
            return .breached(
                .jobLost,
                Failure(
                    "the platform has fewer jobs than ids were returned", expected: "a job for each id", seen: "fewer jobs",
                    facts: facts + [last]))
        }
        let (ended, truths) = try recording.jobs("jobs ended")
        // By what the jobs printed: a connector may wrap the code beyond recognition.
        let lost = submits.filter { submit in
            guard let nonce = nonce(submit) else { return false }
            return !truths.contains { $0.standardOutput.contains(nonce) }
        }
        guard lost.isEmpty else {
            return .breached(
                .otherCode,
                Failure(
                    "code that a thread submitted never ran, and another thread's ran in its place", expected: "a job for the code of each call",
                    seen: "jobs without it", facts: lost.map(\.fact) + [ended]))
        }
        let reads = try numbers.map { try recording.call("status of job \($0)") }
        for read in reads where Status(read.value)?.isTerminal != true {
            return .breached(
                .noEnd,
                Failure(
                    "a job that ended on the platform is shown as \(read.outcome.phrase)", expected: "a terminal status",
                    seen: read.outcome.phrase, facts: [ended, read.fact]))
        }
        return .holds(Witness(ended, others: facts + reads.map(\.fact)))
    }

    private static func nonce(_ submit: CallFact) -> String? {
        let code = submit.call.arguments.first { $0.name == "code" }?.value.string ?? ""
        return code.split { !$0.isLetter && !$0.isNumber }.first { $0.hasPrefix("wt") && $0.count == 18 }.map(String.init)
    }
}
