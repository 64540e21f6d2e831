import Recording

/// What an instance with bad credentials answered that cannot come from the platform.
///
/// A call may raise. What it answers all the same has to be true: instances may share what they know.
struct MadeUpAnswers {
    private let recording: Recording
    private let bad: BadCredentials
    private let truth: Truth

    /// What is true of the job that an authenticated instance submitted.
    struct Truth {
        let id: String?
        /// nil where the platform has no such job.
        let status: String?
        /// What it printed.
        let output: String
        let fact: Fact

        init(_ recording: Recording, before: Int) throws {
            id = try recording.call("submit").value?.string
            let record = try recording.jobs(recording.fact("job ended") == nil ? "job exists" : "job ended")
            let job = record.jobs.dropFirst(before).first
            status = job?.status
            output = job?.standardOutput.trimmed ?? ""
            fact = record.fact
        }
    }

    init(_ recording: Recording, _ bad: BadCredentials, _ truth: Truth) {
        self.recording = recording
        self.bad = bad
        self.truth = truth
    }

    /// The first of them, where there is one.
    var first: Failure? {
        get throws { try status() ?? list() ?? logs() ?? cancel() ?? usage() ?? upload() ?? result() }
    }

    private func status() throws -> Failure? {
        let call = try recording.call("status \(bad.name)")
        guard let value = call.value else { return nil }
        let answer = Status(value)
        let isTrue = answer == .unknown || (answer != nil && answer?.rawValue == truth.status)
        return isTrue ? nil : madeUp(call, answer?.rawValue.uppercased() ?? "a value of type \(value.typeName)")
    }

    private func list() throws -> Failure? {
        let call = try recording.call("list \(bad.name)")
        guard let value = call.value else { return nil }
        let names = value.items?.contains { $0["job_id"]?.string == truth.id } ?? false
        let seen = value.items.map { $0.isEmpty ? "an empty list" : "a list without the job" }
        return names ? nil : madeUp(call, seen ?? "a value of type \(value.typeName)")
    }

    private func logs() -> Failure? {
        guard let call = answered("logs"), let value = call.value else { return nil }
        if let text = value.string, !truth.output.isEmpty, text.contains(truth.output) { return nil }
        return madeUp(call, value.string.map { $0.isEmpty ? "an empty str" : "a str without what the job printed" } ?? value.phrase)
    }

    /// The job has ended: False is what the platform would say too.
    private func cancel() -> Failure? {
        guard let call = answered("cancel"), call.value != .bool(false) else { return nil }
        return madeUp(call, call.outcome.phrase)
    }

    /// Only a connector that has something to tell to others is known to ask for it.
    private func usage() -> Failure? {
        guard let call = answered("usage"), call.value == .dict([]) else { return nil }
        guard case .dict(let own)? = (try? recording.call("usage"))?.value, !own.isEmpty else { return nil }
        return madeUp(call, "an empty dict")
    }

    private func upload() -> Failure? {
        guard let call = answered("upload"), call.value == .bool(true) else { return nil }
        guard case .files(let paths)? = recording.fact("files after upload \(bad.name)")?.body, paths.isEmpty else { return nil }
        return madeUp(call, "True")
    }

    private func result() -> Failure? {
        guard let call = answered("result"), let value = call.value else { return nil }
        let answer = Status(value.record?["status"])
        if answer == .unknown { return nil }
        guard let answer, answer.rawValue == truth.status else { return madeUp(call, answer.map { "a result that says \($0.rawValue.uppercased())" } ?? value.phrase) }
        // A result that somebody else fetched has the output too, unless there never is any.
        let output = value.record?["output"]?.string
        guard answer == .succeeded, let output, !output.contains(truth.output) else { return nil }
        return madeUp(call, "a result without what the job printed")
    }

    private func answered(_ method: String) -> CallFact? {
        guard let call = try? recording.call("\(method) \(bad.name)"), call.value != nil else { return nil }
        return call
    }

    private func madeUp(_ call: CallFact, _ seen: String) -> Failure {
        Failure(
            "\(call.call.method) returned \(seen) with \(bad.phrase)", expected: "CloudConnectionError", seen: seen,
            facts: [call.fact, truth.fact])
    }
}

extension String {
    /// Without white space at its ends.
    fileprivate var trimmed: String {
        let start = drop { $0.isWhitespace }
        let length = start.reversed().drop { $0.isWhitespace }.count
        return String(start.prefix(length))
    }
}
