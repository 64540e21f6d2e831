import Recording

/// What STA-03 and STA-04 share: jobs whose true end is known, and the status that the connector settles on.
enum EndedAs {
    struct Wrong {
        let ending: ExitCodesProbe.Ending
        let seen: Status
        let facts: [Fact]
    }

    /// - Returns: the first job whose status is another, or the facts that show that all are right.
    static func check(_ endings: [ExitCodesProbe.Ending], _ right: Status, _ evidence: Evidence) throws -> (wrong: Wrong?, Witness) {
        let recording = try evidence.recording(ExitCodesProbe.self)
        let submitted = try SubmittedJobs(recording, recordedAt: "jobs ended")
        let record = submitted.record
        var facts: [Fact] = []
        for ending in endings {
            let submit = try recording.call("submit \(ending.rawValue)")
            try confirm(ending, submitted)
            let read = try recording.call("status of \(ending.rawValue)")
            let status = try read.status()
            if status != right {
                return (Wrong(ending: ending, seen: status, facts: [submit.fact, record, read.fact]), Witness(record))
            }
            facts += [submit.fact, read.fact]
        }
        return (nil, Witness(record, others: facts))
    }

    /// Whether the platform's own record says that the job ended as it was written to.
    private static func confirm(_ ending: ExitCodesProbe.Ending, _ submitted: SubmittedJobs) throws {
        let place = ExitCodesProbe.Ending.allCases.firstIndex(of: ending) ?? 0
        let truth = try submitted.job(at: place).truth
        guard (truth.status == "succeeded") == ending.endsWell, truth.isTerminal else {
            throw PremiseMissing(reason: "on the platform the job (\(ending.rawValue)) did not end as its code says", by: submitted.record)
        }
    }
}
