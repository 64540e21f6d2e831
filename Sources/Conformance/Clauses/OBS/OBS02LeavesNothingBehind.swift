import Recording

enum OBS02LeavesNothingBehind: Clause {
    enum Breach: String, BreachCode {
        case threads = "threads-grow"
        case sockets = "sockets-grow"
        case temporaryFiles = "temporary-files-grow"
    }

    static let id = "OBS-02"
    static let probes: [any Probe.Type] = [EtiquetteProbe.self]
    static let page = Page(
        requires: "Between the 5th and the 50th call of get_job_status, get_job_result, get_logs and list_jobs the process does not gather threads, open sockets or temporary files; a pool that is full by half of them is none of that.",
        why: "Jobs are polled for hours. One socket a call ends at the limit of open files; one thread a call ends the machine's memory.",
        breach: "A new HTTP session for each call that is kept and never closed, a watcher thread for each status read, a log downloaded to a temporary file that stays.",
        mend: "Keep one session or a bounded pool; read answers to their end and close them (`with`); use `tempfile` as a context manager.",
        failing: """
            def get_job_status(self, job_id):
                session = requests.Session()
                self._sessions.append(session)          # one more socket for each call
                return self._status(session.get(self._url(job_id)))
            """,
        passing: """
            def get_job_status(self, job_id):
                return self._status(self._session.get(self._url(job_id)))          # one session, made once
            """)

    /// Pools of connections and of worker threads fill up to a bound, by default 10 in the common HTTP libraries; with one more for each
    /// of the 45 calls in between, a leak is far above that. A larger pool is full at some time; a leak grows in each half.
    private static let poolBound = 10

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(EtiquetteProbe.self)
        let early = try recording.guest("after 5 calls")
        let half = try recording.guest("after 27 calls")
        let late = try recording.guest("after 50 calls")
        let counts: [(Breach, String, (GuestState) -> Int)] = [
            (.threads, "threads", { $0.threads }), (.sockets, "open sockets", { $0.sockets }),
            (.temporaryFiles, "temporary files", { $0.temporaryFiles }),
        ]
        for (breach, what, count) in counts
        where count(late.state) - count(early.state) > poolBound
            && min(count(half.state) - count(early.state), count(late.state) - count(half.state)) >= poolBound / 2
        {
            return .breached(
                breach,
                Failure(
                    "\(what) grow from the 5th to the 50th call", expected: "no more \(what) than a bounded pool holds",
                    seen: "\(what) that grow with the calls", facts: [early.fact, half.fact, late.fact]))
        }
        return .holds(Witness(early.fact, half.fact, late.fact))
    }
}
