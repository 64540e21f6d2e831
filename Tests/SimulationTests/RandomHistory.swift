import Testing

@testable import Simulation

/// Drives a state with random events, and checks after each what must hold always. Everything comes from the seed.
struct RandomHistory {
    private(set) var state = State()
    private(set) var recorded: [Event] = []
    private(set) var ended: [String: JobRecord] = [:]
    private(set) var causes: Set<ExitCause> = []
    private(set) var refusals: Set<String> = []
    private(set) var retried = 0
    private var random: SplitMix64
    private var time: Int64 = 0
    private var known: [String] = []
    private var memory = HistoryMemory()
    private var holds: [String] = []
    private let settings: Settings

    static let tenants = ["ada", "bob"]

    init(seed: UInt64) {
        random = SplitMix64(state: seed)
        let isCounted = random.roll(3) > 0
        let hasQuota = random.roll(3) == 0
        settings = Settings(
            nodes: 1 + random.roll(3), slots: 1 + random.roll(3),
            capacity: isCounted ? Capacity(cpus: 4, memoryGB: 0.3, gpus: 2) : Capacity(),
            quota: hasQuota ? Quota(runningJobs: 9, cpuSeconds: 30, cost: 500) : Quota())
        feed(.platformStarted(settings))
    }

    /// What the history keeps for a restart.
    func restored() -> State {
        var submissions: [String: Int64] = [:]
        for tenant in Self.tenants where state.submissionCount(tenant: tenant) > 0 {
            submissions[tenant] = state.submissionCount(tenant: tenant)
        }
        let live = state.liveJobs().reversed().map { memory.seed($0, state.submission(of: $0.id) ?? Submission(code: "lost")) }
        return State(
            restoring: settings, nextNumber: state.nextNumber, submissionsByTenant: submissions, accounts: memory.accounts,
            quotas: memory.quotas, live: live)
    }

    var restart: Event { Event(at: moment(time + 10), .platformStarted(settings)) }

    mutating func step() { feed(randomBody()) }

    /// Lets everything end: a restart ends the holds and has every node up, jobs of nodes that are gone are lost, then
    /// each job that is launched exits.
    mutating func drain() {
        feed(.platformStarted(settings))
        for node in state.goneNodes {
            for job in state.launchedJobs(on: node.name) { feed(.nodeLost(job: job.id)) }
        }
        while let next = state.launchedJobs.first { feed(.processExited(job: next.id, Exit(code: 0))) }
    }

    private mutating func randomBody() -> Event.Body {
        let tenant = random.pick(Self.tenants) ?? "ada"
        let job = (random.roll(4) == 0 ? random.pick(known) : random.pick(state.liveJobs().map(\.id))) ?? "job-none"
        switch random.roll(50) {
        case 0..<14: return .submitted(tenant: tenant, randomSubmission())
        case 14..<20: return .processStarted(job: job)
        case 20..<26: return .processExited(job: job, randomExit())
        case 26..<29: return .cancelRequested(job: job)
        case 29: return .launchFailed(job: job, message: "no")
        case 30: return .preparationFailed(job: job, message: "no")
        case 31..<34: return .nodeLost(job: job)
        case 34..<36: return .timerFired(.cancelGrace(job: job))
        case 36..<38: return .timerFired(.timeLimit(job: job))
        case 38..<40: return armed(tenant)
        case 40..<42: return .holdReleased(hold: random.pick(holds) ?? "none")
        case 42..<46:
            return .nodeChanged(
                node: Node.name(1 + random.roll(4)), random.roll(2) == 0 ? .up : random.pick(NodeCondition.allCases) ?? .up)
        case 46: return .quotaSet(tenant: tenant, randomQuota())
        case 47: return random.roll(4) == 0 ? .platformStopping : .processStarted(job: job)
        case 48: return random.roll(2) == 0 ? .platformStarted(randomSettings()) : .processStarted(job: job)
        default: return .processStarted(job: job)
        }
    }

    private mutating func randomSubmission() -> Submission {
        var submission = Submission(
            code: "\(random.roll(2))", retries: random.roll(3), idempotencyKey: random.roll(5) == 0 ? "key-\(random.roll(1_000))" : nil)
        if random.roll(2) == 0 { submission.resources.cpuCount = [0.1, 0.5, 1, 3, 4, 5][random.roll(6)] }
        if random.roll(2) == 0 { submission.resources.memoryGB = Double(1 + random.roll(3)) / 10 }
        if random.roll(3) == 0 { submission.resources.gpuCount = random.roll(3) }
        if random.roll(3) == 0 { submission.resources.maxRuntimeHours = Double(random.roll(3)) / 1000 }
        if random.roll(2) == 0 { submission.rate = Rate(hourlyCost: 3.06) }
        return submission
    }

    private mutating func randomExit() -> Exit {
        let usage = random.roll(2) == 0 ? Usage(wallSeconds: 0.1, cpuUserSeconds: 0.7, writtenBytes: 3) : Usage()
        return Exit(
            code: random.roll(2) == 0 ? Int32(random.roll(3)) : nil, signal: random.roll(4) == 0 ? 15 : nil,
            bound: random.roll(5) == 0 ? random.pick(Bound.allCases) : nil, usage: usage)
    }

    private mutating func randomQuota() -> Quota? {
        random.roll(3) == 0 ? nil : Quota(runningJobs: random.roll(2) == 0 ? nil : 1 + random.roll(20))
    }

    /// Another number of nodes and slots than the run before had, now and then.
    private mutating func randomSettings() -> Settings {
        var other = settings
        other.nodes = 1 + random.roll(3)
        other.slots = 1 + random.roll(3)
        other.cancelGraceSeconds = Double(random.roll(3))
        if other.capacity.isCounted && random.roll(3) == 0 { other.capacity.cpus = 2 }
        return other
    }

    private mutating func armed(_ tenant: String) -> Event.Body {
        let id = "hold-\(holds.count)"
        holds.append(id)
        return .holdArmed(hold: id, tenant: tenant, random.pick(HoldPoint.allCases) ?? .pending)
    }

    private mutating func feed(_ body: Event.Body) {
        time += Int64(random.roll(3))
        let event = Event(at: moment(time), body)
        let before = state
        let step = state.reduce(event)
        if step.isRecorded {
            recorded.append(event)
        } else {
            #expect(state == before && step.effects.isEmpty && step.changed.isEmpty)
        }
        checkForward(before, step)
        note(event, step)
        memory.note(event, step)
        Books.check(state, memory)
        Books.checkOrder(state, step)
        Books.checkGrowth(before, state)
    }

    private mutating func note(_ event: Event, _ step: Step) {
        if step.isRecorded, case .accepted(let record) = step.answer { known.append(record.id) }
        if case .refused(let code, _) = step.answer { refusals.insert(code) }
        for record in step.changed where record.status.isTerminal {
            ended[record.id] = record
            if let cause = record.cause { causes.insert(cause) }
        }
        if case .nodeLost(let job) = event.body, step.isRecorded, state.job(job) != nil { retried += 1 }
    }

    /// No job goes back, and none changes after its end.
    private func checkForward(_ before: State, _ step: Step) {
        for record in step.changed {
            #expect(ended[record.id] == nil, "\(record.id) changed after its end")
            #expect((record.cause == nil) == !record.status.isTerminal)
            #expect((record.charge == nil) == !record.status.isTerminal)
            guard let earlier = before.job(record.id) else { continue }
            if earlier.status == .running { #expect(record.status != .pending, "\(record.id) went back") }
            if let start = earlier.startedAt { #expect(record.startedAt == start) }
            #expect(record.attempt >= earlier.attempt)
        }
    }
}
