extension State {
    mutating func submitted(_ submission: Submission, by tenant: String, at moment: Timestamp) -> Step {
        if isStopping {
            return .refused("unavailable", "the platform is stopping and takes no more jobs")
        }
        if let earlier = submission.idempotencyKey.flatMap({ job(tenant: tenant, idempotencyKey: $0) }) {
            return Step(repeating: submission, of: earlier.submission, earlier.record)
        }
        if let refusal = refusal(of: submission, by: tenant) { return refusal }
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

    /// Launches the jobs that have waited longest, each on the first node that has room for it.
    ///
    /// Strictly in order: the first that fits nowhere now keeps back those behind it, also narrow ones that would fit. So a
    /// wide job waits for no more than the jobs that were there before it.
    mutating func admit(_ step: inout Step) {
        guard !isStopping else { return }
        while nodeTable.hasRoom(launchedBelow: settings.slots + ahead), let id = queue.first {
            guard let job = jobs[id] else { preconditionFailure("job \(id) is in the queue and not live") }
            guard let node = place(for: Allocation(job.submission.resources)) else { return }
            queue.remove(number: job.record.number)
            launch(job, on: node, &step)
        }
    }

    /// A free slot goes before a place behind the others.
    private func place(for asked: Allocation) -> String? {
        if let node = nodeTable.firstFit(asked, launchedBelow: settings.slots) { return node }
        return ahead == 0 ? nil : nodeTable.firstFit(asked, launchedBelow: settings.slots + ahead)
    }

    /// How many jobs a node is given before their slot is free: they wait there, and it starts the next one without asking.
    /// Only while a crowd waits, where nobody can tell; never beside a hold, whose slots must stand still, nor where
    /// resources are counted, which a job that waits at a node would keep from another that could run; nor among several
    /// nodes, where it would wait behind a long job while later ones start on another node.
    private var ahead: Int {
        guard nodeTable.current.count == 1 else { return 0 }
        let isCrowd = queue.count > Self.crowd * settings.slots * nodeTable.current.count
        return isCrowd && holds.byID.isEmpty && !settings.capacity.isCounted ? Self.aheadOfSlot * settings.slots : 0
    }

    /// Jobs per slot that wait at the node.
    private static let aheadOfSlot = 12
    /// Waiting jobs per slot that make a crowd.
    private static let crowd = 8

    private mutating func launch(_ waiting: LiveJob, on node: String, _ step: inout Step) {
        var job = waiting
        job.isLaunched = true
        job.record.node = node
        job.hasGate = holds.catches(job.record, at: .running)
        jobs[job.record.id] = job
        nodeTable.take(Allocation(job.submission.resources), of: node)
        step.changed.append(job.record)
        step.effects.append(
            .launch(job: job.record.id, node: node, job.submission, name: job.record.name, gated: job.hasGate))
    }

    private mutating func newRecord(_ submission: Submission, _ tenant: String, _ moment: Timestamp) -> JobRecord {
        var books = tenants[tenant] ?? TenantBooks()
        books.submissions += 1
        books.live += 1
        tenants[tenant] = books
        let number = nextNumber
        nextNumber += 1
        let id = jobID(seed: settings.seed, tenant: tenant, nth: books.submissions)
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
        if submission.asksTheSame(as: earlier) {
            self.init(answer: .accepted(record), isRecorded: false)
        } else {
            self = .refused("conflict", "this idempotency key was used for another submission, which is \(record.id)")
        }
    }
}
