import Testing

@testable import Simulation

/// What a history would keep beside the records: who is launched, kept-back ends, accounts, quotas.
struct HistoryMemory {
    private(set) var launched: [String: Bool] = [:]
    private(set) var accounts: [String: Account] = [:]
    private(set) var quotas: [String: Quota] = [:]
    private var keptExits: [String: SeenExit] = [:]
    private var starts: [String: Timestamp] = [:]
    private var overTime: Set<String> = []

    mutating func note(_ event: Event, _ step: Step) {
        guard step.isRecorded else { return }
        // The loss of a job that goes on took it off its node.
        if case .nodeLost(let job) = event.body, step.changed.contains(where: { $0.id == job && !$0.status.isTerminal }) {
            launched[job] = nil
            starts[job] = nil
        }
        for (job, gated) in step.launches {
            #expect(launched.updateValue(gated, forKey: job) == nil, "\(job) was launched twice")
        }
        switch event.body {
        case .processStarted(let job): starts[job] = event.at
        case .processExited(let job, let exit): keptExits[job] = SeenExit(at: event.at, exit: exit)
        case .timerFired(.timeLimit(let job)): overTime.insert(job)
        case .quotaSet(let tenant, let quota): quotas[tenant] = quota
        default: break
        }
        for record in step.changed where record.status.isTerminal {
            accounts[record.tenant, default: Account()].add(record)
            launched[record.id] = nil
            keptExits[record.id] = nil
        }
    }

    func seed(_ record: JobRecord, _ submission: Submission) -> LiveJobSeed {
        LiveJobSeed(
            record: record, submission: submission, launched: launched[record.id] != nil,
            hasGate: launched[record.id] ?? false, exit: keptExits[record.id],
            attemptStartedAt: record.attempt > 1 ? starts[record.id] : nil, isOverTime: overTime.contains(record.id))
    }
}

/// The books against the jobs, after any event.
enum Books {
    static func check(_ state: State, _ memory: HistoryMemory) {
        let launched = state.jobs.values.filter(\.isLaunched)
        #expect(Set(launched.map(\.record.id)) == Set(memory.launched.keys))
        for node in state.nodes + state.goneNodes {
            let here = launched.filter { $0.record.node == node.name }
            var asked = Allocation()
            for job in here { asked += Allocation(job.submission.resources) }
            #expect(node.launchedCount == here.count && node.allocated == asked, "\(node) has \(here.count) jobs of \(asked)")
        }
        #expect(state.nodeTable.launchedCount == launched.count)
        for tenant in RandomHistory.tenants {
            let live = state.liveJobs(tenant: tenant)
            #expect(state.liveCount(of: tenant) == live.count)
            #expect(state.startedCount(of: tenant) == live.count { $0.status == .running })
            #expect(state.account(of: tenant) == memory.accounts[tenant] ?? Account())
        }
    }

    /// Nothing overtakes: of those that wait once an event is done, none was there before one that it launched.
    static func checkOrder(_ state: State, _ step: Step) {
        let launched = step.launches.keys.compactMap { state.job($0)?.number }
        guard let last = launched.max(), let first = state.queue.first.flatMap({ state.job($0)?.number }) else { return }
        #expect(last < first, "job \(last) overtook job \(first)")
    }

    /// No node is given more than it has, and none that is not up anything.
    static func checkGrowth(_ before: State, _ state: State) {
        guard before.settings == state.settings else { return }
        let capacity = state.settings.capacity
        for (earlier, node) in zip(before.nodes, state.nodes) where node.launchedCount > earlier.launchedCount {
            #expect(node.condition == .up)
            // A restart with less may leave a node with more than it has, until its jobs end.
            #expect(node.allocated.cpus <= max(earlier.allocated.cpus, capacity.cpus ?? .infinity))
            #expect(node.allocated.memoryGB <= max(earlier.allocated.memoryGB, capacity.memoryGB ?? .infinity))
            #expect(node.allocated.gpus <= max(earlier.allocated.gpus, Int64(capacity.gpus ?? .max)))
            #expect(node.launchedCount <= node.slots * (capacity.isCounted ? 1 : 13))
        }
    }
}
