import Recording

/// Four submissions of one name, right after one another; the last two have the same code too.
enum SameNameProbe: Probe {
    static let name = "same-name"
    static let submissions = ["first submit", "second submit", "third submit", "fourth submit, same code"]

    static func run(_ stage: Stage) async throws {
        try await stage.begin()
        let name = Call.Argument("job_name", .string(stage.nonce("name")))
        for (label, word) in zip(submissions, ["first", "second", "third", "third"]) {
            let code = Call.Argument("code", .string(Program.printing(stage.nonce(word)).code))
            try await stage.call(label, .submitJob, code, name, mustReturn: label == submissions[0])
        }
    }
}
