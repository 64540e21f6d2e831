import Recording

/// The answers of get_job_status about one job to one instance, in order; other values and exceptions are left out.
struct StatusReads {
    struct Read {
        let fact: Fact
        let status: Status
    }

    let reads: [Read]

    /// One for each instance and each id that submit_job gave, in the order of the first read.
    static func of(_ recording: Recording) -> [StatusReads] {
        let known = Set(recording.calls.filter { $0.call.method == Method.submitJob.rawValue }.compactMap { $0.call.outcome.value?.string })
        var order: [[String]] = []
        var reads: [[String]: [Read]] = [:]
        for (fact, call) in recording.calls where call.method == Method.getJobStatus.rawValue {
            guard let id = call.jobID, known.contains(id), let status = Status(call.outcome.value) else { continue }
            let key = [call.instance, id]
            if reads[key] == nil { order.append(key) }
            reads[key, default: []].append(Read(fact: fact, status: status))
        }
        return order.map { StatusReads(reads: reads[$0] ?? []) }
    }
}

extension Call {
    /// The `job_id` that was passed.
    var jobID: String? { arguments.first { $0.name == "job_id" }?.value.string }
}

extension CallFact {
    /// The `JobStatus` that get_job_status returned.
    /// - Throws: ``PremiseMissing`` where it raised or returned anything else.
    func status() throws -> Status {
        guard let status = Status(value) else {
            throw PremiseMissing(reason: "get_job_status gave \(outcome.phrase), not a JobStatus", by: fact)
        }
        return status
    }

    /// The `JobResult` that get_job_result returned.
    /// - Throws: ``PremiseMissing`` where it raised or returned anything else.
    func result() throws -> Value.Record {
        guard let record = value?.record else {
            throw PremiseMissing(reason: "get_job_result gave \(outcome.phrase), not a JobResult", by: fact)
        }
        return record
    }
}

extension Status {
    var phrase: String { "JobStatus.\(rawValue.uppercased())" }
}
