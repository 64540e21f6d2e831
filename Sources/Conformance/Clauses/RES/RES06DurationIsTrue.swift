import Recording

enum RES06DurationIsTrue: Clause {
    enum Breach: String, BreachCode {
        case tooShort = "too-short"
        case tooLong = "too-long"
    }

    static let id = "RES-06"
    static let buildsOn = ["RES-01"]
    static let capability: Capability? = .duration
    static let probes: [any Probe.Type] = [ExitCodesProbe.self]
    static let page = Page(
        requires: """
            `duration_seconds` is None, or the seconds that the job took: not less than its process's own time less half a second, and not
            more than from its creation to its end plus one second.
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
