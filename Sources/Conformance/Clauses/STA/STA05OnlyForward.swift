import Recording

enum STA05OnlyForward: Clause {
    enum Breach: String, BreachCode {
        case terminalBeforeStart = "terminal-before-start"
        case backward
        case unknownAfterEnd = "unknown-after-end"
        case unknownAtLast = "unknown-at-last"
    }

    static let id = "STA-05"
    static let buildsOn = ["STA-01", "SUB-08"]
    static let probes: [any Probe.Type] = [JobLifeProbe.self]
    static let page = Page(
        requires: """
            The status moves only forward: PENDING, then RUNNING, then SUCCEEDED, FAILED or CANCELLED. Steps may be left out. UNKNOWN may be
            said in passing, but never as the last answer and never after a terminal status.
            """,
        why: "Callers act on each change: they open a log view on RUNNING and collect on the end. A status that goes back makes them do it twice.",
        breach: "Answers from several sources or caches of different age, so that a job that ran is pending again.",
        mend: "Read the status from one source. Where several must be merged, keep the furthest that was seen.",
        failing: """
            def get_job_status(self, job_id):
                if self._cache_is_old():
                    self._refresh()
                return self._cache.get(job_id, JobStatus.PENDING)   # PENDING again where the cache was cleared
            """,
        passing: """
            def get_job_status(self, job_id):
                return JobStatus(self._get(f"/v1/jobs/{job_id}")["status"])
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(JobLifeProbe.self)
        let running = try recording.jobs("job runs").fact
        let last = try recording.call(JobLifeProbe.lastRead)
        if let breach = try endsBeforeItStarts(recording) { return breach }
        for other in [recording] + evidence.recordings.filter({ $0.probe != recording.probe }) {
            for reads in StatusReads.of(other) {
                if let breach = goesBack(reads.reads) { return breach }
            }
        }
        if try last.status() == .unknown {
            return breach(.unknownAtLast, "get_job_status said UNKNOWN of a job that has ended, read after read", "a terminal status", .unknown, [last.fact])
        }
        let reads = try (JobLifeProbe.runningReads + ["status after the exit"]).map { try recording.call($0).fact }
        return .holds(Witness(running, others: reads + [last.fact]))
    }

    /// While the platform keeps the job from starting, nothing can have ended.
    private static func endsBeforeItStarts(_ recording: Recording) throws -> Finding<Breach>? {
        guard let (record, truths) = try? recording.jobs("job is pending still"), truths.first?.started == false else { return nil }
        for label in JobLifeProbe.pendingReads {
            let read = try recording.call(label)
            let status = try read.status()
            if status.isTerminal {
                return breach(
                    .terminalBeforeStart, "get_job_status said \(status.phrase) of a job that had not started", "JobStatus.PENDING",
                    status, [read.fact, record])
            }
        }
        return nil
    }

    private static func goesBack(_ reads: [StatusReads.Read]) -> Finding<Breach>? {
        var furthest: StatusReads.Read?
        for read in reads {
            guard let before = furthest else {
                if read.status != .unknown { furthest = read }
                continue
            }
            if read.status == .unknown {
                guard before.status.isTerminal else { continue }
                return breach(
                    .unknownAfterEnd, "get_job_status said UNKNOWN after \(before.status.phrase)", before.status.phrase, .unknown,
                    [before.fact, read.fact])
            }
            if read.status.rank < before.status.rank {
                return breach(
                    .backward, "get_job_status said \(read.status.phrase) after \(before.status.phrase)",
                    "\(before.status.phrase) or a later status", read.status, [before.fact, read.fact])
            }
            furthest = read
        }
        return nil
    }

    private static func breach(
        _ breach: Breach, _ reason: String, _ expected: String, _ seen: Status, _ facts: [Fact]
    ) -> Finding<Breach> {
        .breached(breach, Failure(reason, expected: expected, seen: seen.phrase, facts: facts))
    }
}

extension Status {
    fileprivate var rank: Int { self == .pending ? 0 : self == .running ? 1 : 2 }
}
