import Recording

/// Four submissions of one name, right after one another; the last two have the same code too. When they have ended they are listed.
enum SameNameProbe: Probe {
    static let name = "same-name"
    static let ended = "jobs ended"
    static let list = "list of all"
    static let submissions = ["first submit", "second submit", "third submit", "fourth submit, same code"]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let name = Call.Argument("job_name", .string(stage.nonce("name")))
        var ids: Set<String> = []
        for (label, word) in zip(submissions, ["first", "second", "third", "third"]) {
            let code = Call.Argument("code", .string(Program.printing(stage.nonce(word)).code))
            let outcome = try await stage.call(label, .submitJob, code, name, mustReturn: label == submissions[0])
            if let id = outcome.value?.string { ids.insert(id) }
        }
        guard ids.count == submissions.count else { return }
        try await stage.waitForAll(ended, for: .ended, count: submissions.count)
        try await stage.call(list, .listJobs, Call.Argument("limit", .int(ListingProbe.ample)), mustReturn: false)
    }
}
