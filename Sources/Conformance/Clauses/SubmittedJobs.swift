import Recording

/// The jobs that a probe submitted, by the connector's own ids, each with the platform's record of it.
struct SubmittedJobs {
    struct Job {
        /// Its place among the submissions, from 0.
        let place: Int
        let id: String
        /// The `job_name` that was given.
        let name: String?
        let truth: JobTruth
        let submission: CallFact
    }

    let jobs: [Job]
    /// The platform's record that they were matched with.
    let record: Fact
    private let byID: [String: Job]

    /// - Parameter label: where the platform's record was taken; submissions after that are left out.
    /// - Throws: ``PremiseMissing`` where a submission has no job on the platform.
    init(_ recording: Recording, recordedAt label: String) throws {
        let (record, truths) = try recording.jobs(label)
        let submissions = recording.calls.filter { $0.call.method == Method.submitJob.rawValue && $0.fact.sequence < record.sequence }
        jobs = try submissions.enumerated().map { place, submission in
            let call = CallFact(fact: submission.fact, call: submission.call)
            guard let id = call.value?.string, let truth = Self.truth(of: call.call, at: place, in: truths, of: submissions.count) else {
                throw PremiseMissing(reason: "a submitted job is not on the platform", by: record, clause: "SUB-05")
            }
            let name = call.call.arguments.first { $0.name == "job_name" }?.value.string
            return Job(place: place, id: id, name: name, truth: truth, submission: call)
        }
        self.record = record
        byID = Dictionary(jobs.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    }

    /// - Throws: ``PremiseMissing`` where there were fewer submissions.
    func job(at place: Int) throws -> Job {
        guard jobs.indices.contains(place) else { throw PremiseMissing(reason: "a job was not submitted", by: record) }
        return jobs[place]
    }

    subscript(id: String?) -> Job? { id.flatMap { byID[$0] } }

    /// The job that a row of a list shows.
    subscript(row row: Value) -> Job? { self[row["job_id"]?.string] }

    /// By the nonce in the code; by its place where a connector wraps the code beyond recognition.
    private static func truth(of call: Call, at place: Int, in truths: [JobTruth], of count: Int) -> JobTruth? {
        let code = call.arguments.first { $0.name == "code" }?.value.string ?? ""
        let words = code.split { !$0.isLetter && !$0.isNumber }
        if let nonce = words.first(where: { $0.hasPrefix("wt") && $0.count == 18 }),
            let truth = truths.first(where: { $0.code.contains(nonce) })
        {
            return truth
        }
        return truths.count == count ? truths[place] : nil
    }
}
