import Recording

enum RES06DurationIsTrue: Clause {
    enum Breach: String, BreachCode {
        case tooShort = "too-short"
        case tooLong = "too-long"
        case growing
    }

    static let id = "RES-06"
    static let buildsOn = ["RES-01"]
    static let capability: Capability? = .duration
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: """
            `duration_seconds` is None, or the seconds that the job took: not less than its process's own time less half a second, and not
            more than from its creation to its end plus one second. It does not grow once the job has ended.
            """,
        why: "Costs and time limits of the next run are computed from it. Milliseconds taken for seconds are a thousand times wrong.",
        breach: "Milliseconds, minutes, a constant, the time of the call itself, or the time since the submission that goes on growing.",
        mend: "Take the platform's own figure in seconds, or the difference of its times; where there is none, leave None.",
        failing: """
            return JobResult(job_id=job_id, status=status, duration_seconds=job["duration_ms"])
            """,
        passing: """
            return JobResult(job_id=job_id, status=status, duration_seconds=job["duration_ms"] / 1000)
            """)

    static func judge(_ evidence: Evidence) throws -> Finding<Breach> {
        let recording = try evidence.recording(ExitCodesProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs ended")
        let record = submitted.record
        if let finding = growth(recording) { return finding }
        var facts: [Fact] = []
        for (place, ending) in ExitCodesProbe.Ending.allCases.enumerated() where ending == .slow || ending == .plain || ending == .exit {
            let call = try recording.call("result of \(ending.rawValue)")
            let result = try call.result()
            let truth = try submitted.job(at: place).truth
            guard let longest = truth.createdToFinishedSeconds else {
                throw PremiseMissing(reason: "the platform does not know how long the job took", by: record)
            }
            facts.append(call.fact)
            guard let seconds = number(result["duration_seconds"]) else { continue }
            // NaN is neither: it fails the first comparison.
            if !(seconds >= (truth.wallSeconds ?? 0) - 0.5) {
                return breach(.tooShort, "less than the job's process took", [record, call.fact])
            }
            if seconds > longest + 1 { return breach(.tooLong, "more than the job took from its creation to its end", [record, call.fact]) }
        }
        return .holds(Witness(record, others: facts))
    }

    /// Two reads of a job that had ended before both: a figure that follows the clock in between is the time since the start, or since the
    /// submission, and will leave every bound. How much time lies between is the slow job's doing; too little says nothing.
    private static func growth(_ recording: Recording) -> Finding<Breach>? {
        guard let first = try? recording.call(ExitCodesProbe.firstResult), let (ended, jobs) = try? recording.jobs("first job ended"),
            jobs.first?.isTerminal == true, let second = try? recording.call("result of plain"),
            let before = number(first.value?.record?["duration_seconds"]), let after = number(second.value?.record?["duration_seconds"])
        else { return nil }
        let elapsed = second.call.endedAt - first.call.endedAt
        guard elapsed >= 0.5, after - before > elapsed / 2 else { return nil }
        return breach(.growing, "a figure that grows after the job's end", [ended, first.fact, second.fact])
    }

    private static func number(_ value: Value?) -> Double? {
        switch value {
        case .int(let number)?: Double(number)
        case .double(let number)?: number
        default: nil
        }
    }

    private static func breach(_ breach: Breach, _ seen: String, _ facts: [Fact]) -> Finding<Breach> {
        .breached(
            breach,
            Failure("duration_seconds is \(seen)", expected: "None, or the seconds that the job took", seen: seen, facts: facts))
    }
}
