extension State {
    mutating func submitted(_ submission: Submission, by tenant: String, at moment: Timestamp) -> Step {
        if isStopping {
            return .refused("unavailable", "the platform is stopping and takes no more jobs")
        }
        if let earlier = submission.idempotencyKey.flatMap({ job(tenant: tenant, idempotencyKey: $0) }) {
            return Step(repeating: submission, of: earlier.submission, earlier.record)
        }
        let record = newRecord(submission, tenant, moment)
        jobs[record.id] = LiveJob(record: record, submission: submission)
        if let key = record.idempotencyKey { jobsByKey[TenantKey(tenant: tenant, key: key)] = record.id }
        if !holds.catches(record, at: .pending) {
            queue.insert(record.id, number: record.number)
        }
        var step = Step()
        admit(&step)
        // Most jobs are launched at once: told and stored as they stand then, and once.
        let accepted = jobs[record.id]?.record ?? record
        step.answer = .accepted(accepted)
        if step.changed.last != accepted { step.changed.append(accepted) }
        return step
    }

    /// Launches the jobs that have waited longest, as long as a slot is free.
    mutating func admit(_ step: inout Step) {
        guard !isStopping else { return }
        while launchedCount < settings.slots + ahead, let id = queue.popFirst() {
            launch(id, &step)
        }
    }

    /// How many jobs are launched before their slot is free: they wait at the node, which starts the next one without asking. Only while a
    /// crowd waits, where nobody can tell, and never beside a hold, whose slots must stand still.
    private var ahead: Int { queue.count > Self.crowd * settings.slots && holds.byID.isEmpty ? Self.aheadOfSlot * settings.slots : 0 }

    /// Jobs per slot that wait at the node.
    private static let aheadOfSlot = 4
    /// Waiting jobs per slot that make a crowd.
    private static let crowd = 8

    private mutating func launch(_ id: String, _ step: inout Step) {
        guard var job = jobs[id] else { preconditionFailure("job \(id) is in the queue and not live") }
        job.isLaunched = true
        job.record.node = Self.node
        job.hasGate = holds.catches(job.record, at: .running)
        jobs[id] = job
        launchedCount += 1
        step.changed.append(job.record)
        step.effects.append(.launch(job: id, node: Self.node, job.submission, name: job.record.name, gated: job.hasGate))
    }

    private mutating func newRecord(_ submission: Submission, _ tenant: String, _ moment: Timestamp) -> JobRecord {
        let nth = submissionsByTenant[tenant, default: 0] + 1
        submissionsByTenant[tenant] = nth
        let number = nextNumber
        nextNumber += 1
        let id = jobID(seed: settings.seed, tenant: tenant, nth: nth)
        return JobRecord(
            id: id, tenant: tenant, number: number, name: submission.name ?? id, createdAt: moment,
            resources: submission.resources, labels: submission.labels, idempotencyKey: submission.idempotencyKey)
    }
}

/// Drawn from the tenant's own count, so that tenants who submit at the same time never shift each other's ids.
private func jobID(seed: UInt64, tenant: String, nth: Int64) -> String {
    let digits = String(Draw(seed: seed, "job-id", .text(tenant), .number(nth)).bits, radix: 16)
    return "job-" + String(repeating: "0", count: 16 - digits.count) + digits
}

extension Step {
    static func refused(_ code: String, _ message: String) -> Step {
        Step(answer: .refused(code: code, message: message), isRecorded: false)
    }

    /// The answer to an idempotency key that a live job has already.
    fileprivate init(repeating submission: Submission, of earlier: Submission, _ record: JobRecord) {
        if submission == earlier {
            self.init(answer: .accepted(record), isRecorded: false)
        } else {
            self = .refused("conflict", "this idempotency key was used for another submission, which is \(record.id)")
        }
    }
}
